import { pathToFileURL } from 'node:url'

/**
 * Says in one sentence what is wrong when this Node cannot run the program: better-sqlite3 would end an older one
 * without a word. Kept in plain JavaScript of old, so that an older Node can read it.
 */
export function preflight(versions = process.versions) {
  const [major = 0, minor = 0] = String(versions.node).split('.').map(Number)
  const newEnough = Number(versions.napi) >= 10 && (major > 22 || (major === 22 && minor >= 18))
  if (newEnough) return null
  return `Campaign Connector needs Node 22.18 or newer, and this is Node ${versions.node}. Install Node 24 from https://nodejs.org, or in a checkout run it by npm: npm run cli -- ...`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const problem = preflight()
  if (problem) {
    console.error(problem)
    process.exit(1)
  }
}
