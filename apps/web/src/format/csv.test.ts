import { expect, it } from 'vitest'
import { csvOf } from './csv.ts'

it('writes names first, quotes what must be quoted, and lets no text become a formula', () => {
  const rows = [
    { name: 'root', failures: 3 },
    { name: '=HYPERLINK("http://x")', failures: -1 },
    { name: 'a,b\n"c"', failures: null },
  ]
  expect(csvOf(['name', 'failures'], rows)).toBe(
    'name,failures\r\nroot,3\r\n"\'=HYPERLINK(""http://x"")",-1\r\n"a,b\n""c""",\r\n',
  )
})
