import type { Connector } from '../../shared/bridge.ts'
import type { Transport } from './types.ts'

/** The window of the workstation. */
export function windowTransport(connector: Connector): Transport {
  return {
    kind: 'window',
    call: (name, input) => connector.operations[name](input as never) as never,
    session: connector.session,
    upload: file => connector.files.upload(file),
    save: async (name, input, fileName) => {
      const answer = await connector.files.save(name, input, fileName)
      return answer.ok ? { ok: true, data: answer.data as { rows?: number; path?: string } | null } : answer
    },
    listen: listener => connector.on(listener),
  }
}
