/** Version of the agent, the same as that of the hub it ships with. */
export const AGENT_VERSION = '0.1.0'
