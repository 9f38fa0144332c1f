import { hostname } from 'node:os'
import { addressesOfMachine } from '../port/addresses.ts'

/** What this machine may be called in a URL: its name, and each address that others can use. */
export const namesOfMachine = (): readonly string[] => [
  ...new Set([hostname(), 'localhost', '127.0.0.1', '::1', ...addressesOfMachine()]),
]
