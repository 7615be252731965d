import type { BuildOptions } from 'rolldown'
import { CHANNELS } from '../src/main/desktop/channels.ts'
import { operations } from '../src/shared/operations/index.ts'

/**
 * The bridge of the window, as one CommonJS file that loads nothing but electron: a page in the sandbox cannot load more.
 * The names of the operations are put in, since their schemas must not come along.
 */
export function preloadBuild(dir: string): BuildOptions {
  return {
    input: { preload: 'src/preload/index.ts' },
    platform: 'browser',
    external: ['electron'],
    transform: {
      target: 'chrome130',
      define: {
        OPERATION_NAMES: JSON.stringify(operations.map(operation => operation.name)),
        CHANNELS: JSON.stringify(CHANNELS),
      },
    },
    output: { dir, format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
    logLevel: 'warn',
  }
}
