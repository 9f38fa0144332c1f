// Makes the Debian packages: `npm run package [-- --arch amd64|arm64 …] [--revision TEXT] [--quick] [--out FOLDER]`.
// Without --arch: of this machine's architecture and of every other one whose runtime can be had.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { spawnSync } from 'node:child_process'
import { buildQuietly } from './build.ts'
import { compose } from './package/compose.ts'
import { controlText, PACKAGES, type PackageFacts } from './package/control.ts'
import { ARCHITECTURES, ownArchitecture, runtimeFor, type Architecture } from './package/runtime.ts'
import { Tree } from './package/tree.ts'
import { inRoot, ROOT } from './root.ts'
import { capture } from './run.ts'

const USAGE =
  'usage: npm run package [-- --arch amd64|arm64 ...] [--revision TEXT] [--quick] [--out FOLDER]\n' +
  '  --arch       for which machines (this one, and others where their runtime can be had)\n' +
  '  --revision   what is added to the version, as +1\n' +
  '  --quick      larger packages in less time\n' +
  '  --out        where the packages are put (dist)\n'
/** xz makes packages a third smaller and takes minutes; gzip is for trying them. What dpkg of Debian 12 and lintian both take. */
const COMPRESSION = { small: ['-Zxz', '-z6'], quick: ['-Zgzip', '-z6'] } as const

interface Wanted {
  readonly architectures: readonly Architecture[]
  /** Whether one that cannot be had is a failure: it was asked for by name. */
  readonly named: boolean
  readonly revision: string
  readonly compression: keyof typeof COMPRESSION
  readonly out: string
}

function fail(text: string, code = 1): never {
  process.stderr.write(`${text}\n`)
  process.exit(code)
}

function readWanted(): Wanted {
  try {
    const { values } = parseArgs({
      options: {
        arch: { type: 'string', multiple: true },
        revision: { type: 'string', default: '' },
        quick: { type: 'boolean', default: false },
        out: { type: 'string', default: inRoot('dist') },
      },
    })
    const own = ownArchitecture()
    const named = ARCHITECTURES.filter((known) => values.arch?.includes(known))
    if (named.length < (values.arch?.length ?? 0)) fail(USAGE, 2)
    if (!/^([+~][A-Za-z0-9.+~]+)?$/.test(values.revision)) fail(USAGE, 2)
    return {
      architectures:
        named.length > 0
          ? named
          : ARCHITECTURES.toSorted((one, other) => Number(other === own) - Number(one === own)),
      named: named.length > 0,
      revision: values.revision,
      compression: values.quick ? 'quick' : 'small',
      out: resolve(values.out),
    }
  } catch {
    return fail(USAGE, 2)
  }
}

/** The time of the last change, so that the same sources make the same packages. */
function readEpoch(): number {
  const told = process.env['SOURCE_DATE_EPOCH'] ?? ''
  if (/^\d+$/.test(told)) return Number(told)
  const done = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: ROOT, encoding: 'utf8' })
  return Number(done.stdout?.trim()) || 1_790_000_000
}

async function makeDeb(
  facts: PackageFacts,
  architecture: Architecture,
  around: { wanted: Wanted; version: string; epoch: number; agentPackage: string | null },
): Promise<string> {
  const { wanted, version, epoch, agentPackage } = around
  const folder = mkdtempSync(join(tmpdir(), 'warder-package-'))
  try {
    const tree = new Tree(folder)
    await compose(tree, {
      facts,
      architecture,
      runtime: await runtimeFor(architecture),
      agentPackage,
      version,
      epoch,
    })
    const installedKib = tree.kib()
    tree.write('DEBIAN/md5sums', tree.md5sums())
    tree.write('DEBIAN/control', controlText(facts, { version, architecture, installedKib }))
    tree.settle(epoch)
    mkdirSync(wanted.out, { recursive: true })
    const file = join(wanted.out, `${facts.name}_${version}_${architecture}.deb`)
    const done = spawnSync(
      'dpkg-deb',
      ['--root-owner-group', '--threads-max=1', ...COMPRESSION[wanted.compression], '--build', folder, file],
      { encoding: 'utf8', env: { ...process.env, SOURCE_DATE_EPOCH: String(epoch) } },
    )
    if (done.status !== 0) fail(`dpkg-deb: ${done.error?.message ?? done.stderr}`)
    return file
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const wanted = readWanted()
const dpkg = await capture('dpkg-deb', ['--version'])
if (!dpkg.ok) fail('dpkg-deb is missing: packages can be made on Debian and its kin (apt install dpkg).')
if (!(await buildQuietly())) process.exit(1)
const manifest = JSON.parse(readFileSync(inRoot('package.json'), 'utf8')) as { version: string }
const around = { wanted, version: `${manifest.version}${wanted.revision}`, epoch: readEpoch() }
for (const architecture of wanted.architectures) {
  try {
    const { symbols } = await runtimeFor(architecture)
    if (symbols)
      process.stdout.write(
        `${architecture}: the runtime keeps its symbols, since binutils for it is not installed\n`,
      )
  } catch (err) {
    const why = err instanceof Error ? err.message : String(err)
    if (wanted.named) fail(`${architecture}: ${why}`)
    process.stdout.write(`left out: ${architecture}: ${why}\n`)
    continue
  }
  let agentPackage: string | null = null
  for (const facts of PACKAGES) {
    const file = await makeDeb(facts, architecture, { ...around, agentPackage })
    agentPackage ??= file
    process.stdout.write(`${file} ${(statSync(file).size / 1_048_576).toFixed(1)} MiB\n`)
  }
}
