import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { hasBrowser } from './test/ui/browser.ts'

if (!hasBrowser()) {
  // biome-ignore lint/suspicious/noConsole: people who run the tests have to know.
  console.warn('UI tests are skipped: there is no Chromium or Chrome here. Install one, or name it in CHROMIUM_PATH.')
}

const files = ['test/**/*.test.ts', 'src/**/*.test.ts', 'phone-agent/**/*.test.ts']

export default defineConfig({
  test: {
    pool: 'forks',
    setupFiles: ['test/support/properties.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'tests',
          include: files,
          exclude: ['test/faults/**', 'test/ui/**', 'test/desktop/**', '**/node_modules/**'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          // Much of the time they wait: for a disk, a process, a proof.
          maxWorkers: Math.max(3, availableParallelism() - 1),
        },
      },
      {
        extends: true,
        // A real browser.
        test: {
          name: 'ui',
          include: hasBrowser() ? ['test/ui/**/*.test.ts'] : [],
          globalSetup: ['test/ui/setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        // The packaged application on a real Electron; packages it first.
        test: {
          name: 'desktop',
          include: ['test/desktop/**/*.test.ts'],
          globalSetup: ['test/desktop/setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: 1,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        // Whole hubs and phones on small disks. Most of the time they wait for one another, but not beside a browser.
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
