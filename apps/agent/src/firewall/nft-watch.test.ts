import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { ManualClock } from '@warder/daemon'
import { describe, expect, it, vi } from 'vitest'
import { LISTENER } from './netlink-listener.ts'
import { NetworkNamespace, whyNoNft } from './netns.ts'
import { NftSession } from './nft-session.ts'
import { NftWatch } from './nft-watch.ts'

const trouble = whyNoNft()
const OURS =
  'table inet warder { set s { type ipv4_addr; }; chain c { }; }; table bridge warder { chain c { }; }'
const THEIRS = [
  'table ip foo { set s { type ipv4_addr; }; chain c { }; }',
  'table ip warder { chain c { }; }',
  'table inet warder2 { chain c { }; }',
].join('; ')
const many = Array.from({ length: 20_000 }, (_, at) => `198.18.${at >> 8}.${at & 255}`).join(', ')

async function makeRig(own: ReadonlySet<number> = new Set()) {
  const namespace = new NetworkNamespace()
  const nft = (script: string): string => namespace.run('nft', script)
  nft(`${OURS}; ${THEIRS}`)
  const clock = new ManualClock(1_700_000_000_000)
  let news = 0
  const watch = new NftWatch({
    command: ['ip', 'netns', 'exec', namespace.name, 'nft'],
    clock,
    isOwn: (process) => own.has(process),
    onNews: () => news++,
  })
  const listens = (): Promise<void> => vi.waitFor(() => expect(watch.listeningSince).toBe(clock.now()))
  await listens()
  return {
    namespace,
    nft,
    clock,
    watch,
    listens,
    /** Makes one more change in our tables, and waits until it is told; how often anything was told until then. */
    async told(): Promise<number> {
      const before = news
      nft('add element inet warder s { 203.0.113.1 }; delete element inet warder s { 203.0.113.1 }')
      await vi.waitFor(() => expect(news).toBeGreaterThan(before))
      return news
    },
    [Symbol.dispose]() {
      watch[Symbol.dispose]()
      namespace[Symbol.dispose]()
    },
  }
}

describe.skipIf(trouble)(`news of the kernel's ruleset${trouble ? ` (${trouble})` : ''}`, () => {
  it.each([
    ['an element that is added', 'add element inet warder s { 198.18.0.1 }'],
    [
      'thousands of elements at once',
      `add element inet warder s { ${many.slice(0, 60_000).replace(/, [^,]*$/, '')} }`,
    ],
    ['a rule', 'add rule inet warder c accept'],
    ['a rule for guests', 'add rule bridge warder c accept'],
    ['a set that is taken away', 'delete set inet warder s; add set inet warder s { type ipv4_addr; }'],
    ['another table that goes together with ours', 'add rule ip foo c accept; add rule inet warder c accept'],
  ])('tells of %s', async (_, script) => {
    using rig = await makeRig()
    rig.nft(script)
    expect(await rig.told()).toBe(2)
  })

  it.each([
    ['elements in the table of somebody else', 'add element ip foo s { 198.18.0.1 }'],
    ['a table of our name in another family', 'add rule ip warder c accept'],
    ['a table whose name begins with ours', 'add rule inet warder2 c accept'],
    ['a table that is new', 'add table inet foo'],
  ])('does not tell of %s', async (_, script) => {
    using rig = await makeRig()
    rig.nft(script)
    expect(await rig.told()).toBe(1)
  })

  it('does not tell of what we did ourselves', async () => {
    const own = new Set<number>()
    using rig = await makeRig(own)
    await using session = new NftSession({
      command: ['ip', 'netns', 'exec', rig.namespace.name, 'nft'],
      clock: rig.clock,
      onProcess: (process) => void own.add(process),
    })
    await session.run('add element inet warder s { 198.18.0.1 }\n')
    await session.run(`add element inet warder s { ${many} }\n`)
    expect(await rig.told()).toBe(1)
  })

  it('begins again when it was ended', async () => {
    using rig = await makeRig()
    const pids = execFileSync('ip', ['netns', 'pids', rig.namespace.name], { encoding: 'utf8' })
    for (const pid of pids.split('\n').filter(Boolean)) process.kill(Number(pid), 'SIGKILL')
    await vi.waitFor(() => expect(rig.watch.listeningSince).toBeNull())
    rig.clock.advance(1_000)
    await rig.listens()
    expect(await rig.told()).toBe(1)
  })

  it('ends with whoever started it', async () => {
    using namespace = new NetworkNamespace()
    const child = spawn('ip', ['netns', 'exec', namespace.name, 'perl', '-e', LISTENER], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const [text] = await once(child.stdout, 'data')
    expect(String(text)).toBe('listening\n')
    child.stdin.end()
    expect(await once(child, 'exit')).toEqual([0, null])
  })
})
