import { defineConfig } from 'vitest/config'
import { RUN } from './test/fail2ban/run.ts'
import { REFERENCE } from './test/reference.ts'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          // On two cores one would be left to itself otherwise.
          maxWorkers: '100%',
          env: { ...REFERENCE, WARDER_TEST_RUN: RUN },
          globalSetup: ['test/fail2ban/run.ts'],
          include: [
            'packages/*/src/**/*.test.ts',
            'apps/*/src/**/*.test.ts',
            'test/{architecture,acceptance,conformance,differential,docs,sharing}/**/*.test.ts',
          ],
          testTimeout: 30_000,
          // What is waited for comes late on a busy machine.
          expect: { poll: { timeout: 10_000 } },
        },
      },
      {
        test: {
          name: 'nft',
          include: ['test/nft/**/*.test.ts'],
          testTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'packages',
          include: ['test/packages/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'cluster',
          include: ['test/cluster/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 1_200_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/{e2e,proxies}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
