import type { RunningShell } from './shell.ts'

export interface SelftestReport {
  readonly ok: boolean
  readonly database: boolean
  readonly page: boolean
  readonly bridge: boolean
  readonly key: string | null
}

/** Whether database, pages and window work on this computer, with everything as it ships. Changes nothing. */
export async function selftest(shell: RunningShell): Promise<SelftestReport> {
  const { app, window } = shell
  const database = (await app.dispatch('system.stats', {}, { kind: 'local', role: 'admin' })).ok
  const page = (await window.webContents.executeJavaScript(
    'Boolean(document.querySelector("#root")) && typeof require === "undefined"',
  )) as boolean
  const bridge = (await window.webContents.executeJavaScript(
    'window.connector.session.state().then(state => typeof state.kind === "string")',
  )) as boolean
  return { ok: database && page && bridge, database, page, bridge, key: app.keyProblem }
}
