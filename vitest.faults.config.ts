import { defineConfig } from 'vitest/config'

/** The fault suite: disks, models of both sides, and a short run of the harness. */
export default defineConfig({
  test: {
    include: ['test/faults/**/*.test.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: 'forks',
    fileParallelism: false,
  },
})
