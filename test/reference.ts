import { join } from 'node:path'

const beside = (...parts: readonly string[]): string =>
  join(import.meta.dirname, '..', '..', 'shared', ...parts)

/**
 * Where recorded lines and pages lie that are not part of the repository: beside the checkout, or where the
 * environment says. Tests that need them report themselves as skipped by name where they are absent.
 */
export const REFERENCE = {
  WARDER_CORPUS: process.env['WARDER_CORPUS'] ?? beside('corpus'),
  WARDER_SOURCES: process.env['WARDER_SOURCES'] ?? beside('reference', 'sources'),
}
