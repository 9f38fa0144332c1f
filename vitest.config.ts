import { defineConfig } from 'vitest/config'
import { REFERENCE } from './test/reference.ts'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          env: REFERENCE,
          include: [
            'packages/*/src/**/*.test.ts',
            'apps/*/src/**/*.test.ts',
            'test/{architecture,acceptance,conformance}/**/*.test.ts',
          ],
          testTimeout: 15_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/{e2e,real}/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
