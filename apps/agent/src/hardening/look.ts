import { access, glob, readdir, readFile, realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, matchesGlob } from 'node:path'
import type { ConfFile } from './journald-conf.ts'
import { inside, JOURNAL_STORE, SSHD_DROP_IN, SSHD_MAIN, type Places } from './places.ts'
import type { AptSeen, ClockSeen, JournaldSeen, Part, PveSeen, Seen, SshdSeen } from './seen.ts'
import { includedBy, settingsOf } from './sshd-conf.ts'

const LARGEST_BYTES = 1_048_576
/** Where systemd looks for configuration: an earlier folder hides a file of the same name in a later one. */
const SYSTEMD_FOLDERS = ['etc/systemd', 'run/systemd', 'usr/local/lib/systemd', 'usr/lib/systemd']

/** Reads all that findings are decided from; changes nothing. What cannot be read costs no more than its own part. */
export async function look(places: Places): Promise<Seen> {
  const [journald, sshd, apt, clock, pve, fail2ban] = await Promise.all([
    part(() => lookAtJournald(places)),
    part(() => lookAtSshd(places)),
    part(() => lookAtApt(places)),
    part(() => lookAtClock(places)),
    part(() => lookAtPve(places)),
    part(() => lookAtFail2ban(places)),
  ])
  return { journald, sshd, apt, clock, pve, fail2ban }
}

async function part<T>(read: () => Promise<T>): Promise<Part<T>> {
  try {
    return { ok: true, value: await read() }
  } catch (err) {
    return { ok: false, reason: (err instanceof Error ? err.message : String(err)).slice(0, 500) }
  }
}

async function lookAtJournald(places: Places): Promise<JournaldSeen> {
  const main: ConfFile[] = []
  const dropIns = new Map<string, ConfFile>()
  for (const folder of SYSTEMD_FOLDERS) {
    const path = inside(places, `${folder}/journald.conf`)
    const text = main.length > 0 ? null : await textAt(path)
    if (text !== null) main.push({ path, text })
    const under = inside(places, `${folder}/journald.conf.d`)
    for (const name of await namesIn(under)) {
      if (!name.endsWith('.conf') || dropIns.has(name)) continue
      const file = join(under, name)
      // A link to /dev/null, or an empty file, hides those of the same name.
      dropIns.set(name, { path: file, text: (await textAt(file)) ?? '' })
    }
  }
  const sorted = [...dropIns].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, file]) => file)
  return {
    files: [...main, ...sorted],
    hasStore: await isThere(inside(places, JOURNAL_STORE)),
    hasRsyslog: await isThere(inside(places, 'usr/sbin/rsyslogd')),
  }
}

async function lookAtSshd(places: Places): Promise<SshdSeen | null> {
  const at = inside(places, SSHD_MAIN)
  const text = await textAt(at)
  if (text === null) return null
  const main = await realpath(at)
  const texts = new Map([[main, text]])
  const includes = new Map<string, readonly string[]>()
  const open = [...includedBy(text)]
  const dropIn = inside(places, SSHD_DROP_IN)
  for (let pattern = open.pop(); pattern !== undefined; pattern = open.pop()) {
    if (includes.has(pattern)) continue
    const full = inside(places, isAbsolute(pattern) ? pattern : `/etc/ssh/${pattern}`)
    const paths: string[] = []
    for await (const path of glob(full)) paths.push(path)
    includes.set(pattern, paths.toSorted())
    for (const path of paths) {
      const more = texts.has(path) ? null : await textAt(path)
      if (more === null) continue
      texts.set(path, more)
      open.push(...includedBy(more))
    }
  }
  return {
    settings: settingsOf({ main, texts, includes }),
    main,
    dropInWins: await wouldWin({ main, texts, includes }, dropIn, places),
  }
}

/** Whether a first line in our drop-in would count: sshd is shown, in thought, a configuration that has it. */
async function wouldWin(
  { main, texts, includes }: Parameters<typeof settingsOf>[0],
  dropIn: string,
  places: Places,
): Promise<boolean> {
  const withIt = new Map(
    [...includes].map(([pattern, paths]) => {
      const full = inside(places, isAbsolute(pattern) ? pattern : `/etc/ssh/${pattern}`)
      return [pattern, matchesGlob(dropIn, full) ? [...new Set([...paths, dropIn])].toSorted() : paths]
    }),
  )
  const settings = settingsOf({
    main,
    texts: new Map([...texts, [dropIn, 'MaxAuthTries 3']]),
    includes: withIt,
  })
  return settings.find(({ keyword, isGlobal }) => isGlobal && keyword === 'maxauthtries')?.path === dropIn
}

async function lookAtApt(places: Places): Promise<AptSeen> {
  const release = (await textAt(inside(places, 'etc/os-release'))) ?? ''
  const value = (key: string): string =>
    new RegExp(`^${key}=(?:"([^"]*)"|(.*))$`, 'm').exec(release)?.slice(1).find(Boolean) ?? ''
  const under = inside(places, 'etc/apt/sources.list.d')
  const names = (await namesIn(under)).filter((name) => /\.(?:list|sources)$/.test(name))
  const paths = [inside(places, 'etc/apt/sources.list'), ...names.map((name) => join(under, name))]
  const sources = await Promise.all(paths.map(async (path) => ({ path, text: (await textAt(path)) ?? '' })))
  return { sources, id: value('ID'), codename: value('VERSION_CODENAME') }
}

async function lookAtClock({ run }: Places): Promise<ClockSeen> {
  const { code, output } = await run(['timedatectl', 'show', '--property=NTP', '--property=NTPSynchronized'])
  if (code !== 0) throw new Error(`timedatectl does not tell: ${output}`)
  return { synchronized: /^NTPSynchronized=yes$/m.test(output), service: /^NTP=yes$/m.test(output) }
}

async function lookAtPve(places: Places): Promise<PveSeen> {
  if (!(await isThere(inside(places, 'usr/bin/pveversion')))) return null
  const [cluster, host] = await Promise.all([places.pve.cluster.read(), places.pve.host.read()])
  return { cluster: cluster ?? '', host: host ?? '' }
}

async function lookAtFail2ban({ run }: Places): Promise<boolean> {
  const { code, output } = await run(['systemctl', 'is-active', 'fail2ban.service'])
  // Not active, or unknown; anything else is about systemctl itself.
  if (code !== 0 && code !== 3 && code !== 4) throw new Error(`systemctl does not tell: ${output}`)
  return code === 0
}

/** A file's text; null where there is none. @throws when it cannot be read */
export async function textAt(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path)
    if (size > LARGEST_BYTES) throw new Error(`${path} is larger than a configuration can be`)
    return await readFile(path, 'utf8')
  } catch (err) {
    if (err instanceof Error && 'code' in err && (err.code === 'ENOENT' || err.code === 'ENOTDIR'))
      return null
    throw err
  }
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
