import { expect, it } from 'vitest'
import { fromUrl, inUrl } from './prefix.ts'

it.each([
  ['', '/bans', '/bans'],
  ['', '/', '/'],
  ['/warder', '/bans', '/warder/bans'],
  ['/a/b', '/', '/a/b/'],
])('below %j the path %s is %s in a URL, and back', (base, path, url) => {
  expect(inUrl(path, base)).toBe(url)
  expect(fromUrl(url, base)).toBe(path)
})

it.each([
  ['/warder', '/warder', '/'],
  ['/warder', '/wardrobe', '/wardrobe'],
  ['/warder', '/elsewhere', '/elsewhere'],
])('below %s the URL path %s is %s', (base, url, path) => expect(fromUrl(url, base)).toBe(path))
