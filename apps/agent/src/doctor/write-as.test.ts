import { expect, it } from 'vitest'
import { mayPretend, writeAs } from './write-as.ts'

it.each([
  ['root', '000001ffffffffff', true],
  ['the agent in its unit', '0000000000001004', false],
  ['anybody', '0000000000000000', false],
])('%s may write as others, or not', (_, rights, may) => {
  expect(mayPretend(`Name:\tnode\nCapPrm:\tffffffffffffffff\nCapEff:\t${rights}\nCapBnd:\t0\n`)).toBe(may)
})

it('nothing is sent as somebody whom there is not', async () => {
  const author = { uid: 0, unit: 'no-such-one.service', comm: null, transport: 'journal' as const }
  await expect(writeAs({ MESSAGE: 'x' }, author)).rejects.toThrow(/no-such-one\.service|takes root/)
})
