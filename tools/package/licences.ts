import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { inRoot } from '../root.ts'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly license?: string
  readonly dependencies?: Readonly<Record<string, string>>
}

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest

/** The folder of a package as another one finds it, or null. */
function findPackage(name: string, from: string): string | null {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name)
    if (existsSync(join(place, 'package.json'))) return realpathSync(place)
  }
  return null
}

/** Every package that an app needs at run time, by name and version, with the text of its licence. */
export function licencesOf(app: string): string {
  const seen = new Map<string, string>()
  const visit = (folder: string, isOurs: boolean): void => {
    const { name, version, license = 'see its text', dependencies = {} } = readManifest(folder)
    const title = `${name} ${version} (${license})`
    if (seen.has(title)) return
    if (!isOurs || name.startsWith('@warder/')) seen.set(title, isOurs ? '' : textIn(folder))
    for (const dependency of Object.keys(dependencies)) {
      const place = findPackage(dependency, folder)
      if (place !== null) visit(place, dependency.startsWith('@warder/'))
    }
  }
  visit(inRoot('apps', app), true)
  return [...seen]
    .filter(([title]) => !title.startsWith('@warder/'))
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([title, text]) => `${title}\n${'='.repeat(title.length)}\n\n${text.trim()}\n`)
    .join('\n\n')
}

function textIn(folder: string): string {
  const file = readdirSync(folder)
    .toSorted()
    .find((name) => /^(licen[cs]e|copying)(\.|$)/i.test(name))
  return file === undefined ? 'No text comes with it.' : readFileSync(join(folder, file), 'utf8')
}
