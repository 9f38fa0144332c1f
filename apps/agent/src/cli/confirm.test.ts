import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { confirm } from './confirm.ts'

it.each([
  ['y\r', true],
  ['Yes \r', true],
  ['n\r', false],
  ['\r', false],
  ['yesterday\r', false],
  ['\u0003', false],
  ['\u0004', false],
  ['y\u0003', false],
])('takes %j at a terminal for %s', async (keys, isYes) => {
  const terminal = (): PassThrough => Object.assign(new PassThrough(), { isTTY: true })
  const [input, output] = [terminal(), terminal()]
  const asked = confirm('Go on?', { input, output })
  input.write(keys)
  expect(await asked).toBe(isYes)
})
