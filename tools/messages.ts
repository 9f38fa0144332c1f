// The messages of the dashboard and how far its catalogues are: `npm run messages`; `-- --list` prints them as JSON,
// `-- --tidy` puts every catalogue into the order of its keys without what nothing says any more.
import { writeFileSync } from 'node:fs'
import { collect } from './messages/collect.ts'
import {
  CATALOGUE_CODES,
  catalogueFile,
  faultsIn,
  missingIn,
  readEntries,
  unusedIn,
} from './messages/compare.ts'

const { messages, faults } = collect()
const wanted = process.argv.slice(2)

if (wanted.includes('--list')) process.stdout.write(`${JSON.stringify(messages, null, 2)}\n`)
else {
  for (const fault of faults) process.stdout.write(`${fault}\n`)
  process.stdout.write(`${messages.length} messages\n`)
  for (const code of CATALOGUE_CODES) {
    const entries = readEntries(code)
    if (wanted.includes('--tidy')) {
      const kept = messages.flatMap(({ key }) => (Object.hasOwn(entries, key) ? [[key, entries[key]]] : []))
      writeFileSync(catalogueFile(code), `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`)
    }
    const missing = missingIn(entries, messages)
    const wrong = faultsIn(code, entries, messages)
    process.stdout.write(
      `${code}: ${missing.length} missing, ${unusedIn(entries, messages).length} unused, ${wrong.length} wrong\n`,
    )
    for (const line of [...missing.slice(0, 10).map((key) => `missing “${key}”`), ...wrong.slice(0, 20)])
      process.stdout.write(`  ${line}\n`)
  }
}
