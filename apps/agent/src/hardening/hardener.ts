import { realpath } from 'node:fs/promises'
import type { Clock } from '@warder/daemon'
import type { HardeningFinding, HardenOutcome } from '@warder/protocol'
import { bytesAt, makeFolders, put, removeFolders } from './files.ts'
import { findingsOf, type Changed } from './findings.ts'
import { FINDINGS, judge, type FindingId } from './judge.ts'
import { takeLock } from './lock.ts'
import { look } from './look.ts'
import { inside, SSHD_MAIN, type Places } from './places.ts'
import { planFor, type Plan } from './plan.ts'
import { restoredFrom, standOf, type ChangeRecord } from './record.ts'
import { Records } from './records.ts'
import type { Seen } from './seen.ts'
import { flushJournal, reloadSshd, removeStore, restartJournald, sshdObjects } from './reload.ts'
import { ABOUT } from './words.ts'

const failed = (message: string, remedy: string): HardenOutcome => ({
  ok: false,
  message: message.slice(0, 2_000),
  remedy: remedy.slice(0, 2_000),
})
const done = (said: string): HardenOutcome => ({ ok: true, said })
const isFinding = (id: string): id is FindingId => FINDINGS.some((each) => each === id)

/** Finds what hinders protection on this system, puts it right and takes that back. Needs root to change something. */
export class Hardener {
  readonly #places: Places
  readonly #clock: Clock
  readonly #records: Records

  constructor(places: Places, clock: Clock) {
    this.#places = places
    this.#clock = clock
    this.#records = new Records(places.records)
  }

  /** Everything that is looked at, whether it is fine or not. */
  async list(): Promise<HardeningFinding[]> {
    const [seen, changed] = await Promise.all([look(this.#places), this.#changed()])
    return findingsOf(seen, changed)
  }

  /** What findings are decided from. */
  look(): Promise<Seen> {
    return look(this.#places)
  }

  /** Puts one finding right. What does not work out is put back at once. */
  apply(id: string): Promise<HardenOutcome> {
    return this.#alone(() => this.#apply(id))
  }

  async #apply(id: string): Promise<HardenOutcome> {
    if (!isFinding(id)) return failed(`there is no finding ${id.slice(0, 40)}`, 'warder harden lists them.')
    const [seen, changed] = await Promise.all([look(this.#places), this.#changed()])
    const finding = findingsOf(seen, changed).find((each) => each.id === id)
    if (finding?.state === 'applied') return done('It was put right before.')
    if (finding?.state === 'edited') return failed(finding.cause, this.#byHand(id))
    if (finding?.state !== 'found') return failed(finding?.cause ?? 'it is fine', 'There is nothing to do.')
    const planned = planFor(id, seen)
    if (planned === null) return failed('this is advice only: Warder does not change it', this.#byHand(id))
    if (!planned.ok) return failed(planned.reason, this.#byHand(id))
    const { plan } = planned
    const main = await this.#mainOfSshd()
    const objection = plan.service === 'sshd' ? await sshdObjects(this.#places, main) : null
    if (objection !== null)
      return failed(`sshd rejects its configuration already: ${objection}`, 'Correct it, then try again.')
    return this.#carryOut(id, plan, seen)
  }

  /** Takes back what was changed for one finding. A file that somebody else changed since is left as it is. */
  restore(id: string): Promise<HardenOutcome> {
    return this.#alone(() => this.#restore(id))
  }

  async #restore(id: string): Promise<HardenOutcome> {
    const record = (await this.#records.all()).find((each) => each.id === id)
    if (record === undefined) return done('There is nothing of ours to take back.')
    const now = await bytesAt(record.path)
    const stand = standOf(record, now)
    if (stand === 'edited')
      return failed(
        `${record.path} was changed since Warder wrote it, so it is left as it is`,
        `${wasBefore(record)} When you have done it by hand, remove ${this.#places.records}/${id}.json.`,
      )
    if (stand === 'ours' && now !== null) await put(record.path, restoredFrom(record, now))
    const trouble = await this.#takeBack(record)
    return trouble === null
      ? done('It is as it was before.')
      : failed(
          `The file is as it was before, but ${trouble}`,
          'Correct that, then reload the service by hand.',
        )
  }

  /** Takes back everything, the last change first → what became of each. */
  async restoreAll(): Promise<readonly { readonly id: string; readonly outcome: HardenOutcome }[]> {
    const outcomes = []
    for (const { id } of await this.#records.all()) outcomes.push({ id, outcome: await this.restore(id) })
    return outcomes
  }

  /** A program that died in the middle of this leaves a record that tells what was there. */
  async #alone(task: () => Promise<HardenOutcome>): Promise<HardenOutcome> {
    await using lock = await takeLock(this.#places.records)
    return lock === null
      ? failed('settings are being changed by somebody else right now', 'Look again: warder harden.')
      : await task()
  }

  async #carryOut(id: FindingId, plan: Plan, seen: Seen): Promise<HardenOutcome> {
    const path = plan.path === null ? await this.#mainOfSshd() : inside(this.#places, plan.path)
    const before = await bytesAt(path)
    if (plan.kind === 'whole' && before !== null)
      return failed(`${path} is there already, and is not ours`, 'Move it away, then try again.')
    const front = Buffer.from(plan.content)
    const after = Buffer.concat([front, before ?? Buffer.alloc(0)])
    // A record of a change that did not come about, or that somebody took back by hand, tells of folders at most.
    const old = (await this.#records.all()).find((each) => each.id === id)
    await this.#records.forget(id)
    const folders = [...(await makeFolders(path)), ...(old?.folders ?? [])]
    const record: ChangeRecord = {
      id,
      at: this.#clock.now(),
      path,
      kind: plan.kind,
      service: plan.service,
      before: before?.toString('base64') ?? null,
      after: after.toString('base64'),
      front: front.toString('base64'),
      folders,
      hadStore: seen.journald.ok && seen.journald.value.hasStore,
    }
    await this.#records.add(record)
    const trouble = await this.#write(record, after)
    if (trouble === null) return done(`It is put right: ${path}.`)
    const now = await bytesAt(path)
    if (standOf(record, now) === 'ours' && now !== null) await put(path, restoredFrom(record, now))
    await this.#takeBack(record)
    return failed(`${trouble}. Everything is as it was before`, this.#byHand(id))
  }

  /** Writes, tests and brings into force → what went wrong; null: nothing. */
  async #write(record: ChangeRecord, after: Buffer): Promise<string | null> {
    try {
      await put(record.path, after)
    } catch (err) {
      return `${record.path} could not be written: ${err instanceof Error ? err.message : String(err)}`
    }
    if (!isFinding(record.id)) return 'this finding is unknown'
    const verdict = judge(record.id, await look(this.#places))
    if (verdict.kind !== 'fine') return `It did not help: ${verdict.cause}`
    if (record.service === 'journald') {
      const problem = await restartJournald(this.#places)
      if (problem !== null) return `journald could not be restarted: ${problem}`
      const flushed = record.id === 'journald-storage' ? await flushJournal(this.#places) : null
      return flushed === null ? null : `the journal could not be moved to the disk: ${flushed}`
    }
    const objection = await sshdObjects(this.#places, await this.#mainOfSshd())
    if (objection !== null) return `sshd rejects the change: ${objection}`
    const problem = await reloadSshd(this.#places)
    return problem === null ? null : `sshd could not be reloaded: ${problem}`
  }

  /** Brings into force that a file is as it was → what went wrong; null: nothing. The record is forgotten. */
  async #takeBack({ id, service, folders, hadStore }: ChangeRecord): Promise<string | null> {
    await removeFolders(folders)
    if (id === 'journald-storage' && !hadStore) await removeStore(this.#places)
    await this.#records.forget(id)
    if (service === 'journald') {
      const problem = await restartJournald(this.#places)
      return problem === null ? null : `journald could not be restarted: ${problem}`
    }
    const objection = await sshdObjects(this.#places, await this.#mainOfSshd())
    if (objection !== null) return `sshd rejects its configuration: ${objection}`
    const problem = await reloadSshd(this.#places)
    return problem === null ? null : `sshd could not be reloaded: ${problem}`
  }

  async #changed(): Promise<ReadonlyMap<string, Changed>> {
    const records = await this.#records.all()
    const pairs = await Promise.all(
      records.map(async (record): Promise<[string, Changed]> => {
        const stand = standOf(record, await bytesAt(record.path))
        return [record.id, { path: record.path, stand }]
      }),
    )
    return new Map(pairs)
  }

  #mainOfSshd(): Promise<string> {
    const path = inside(this.#places, SSHD_MAIN)
    return realpath(path).catch(() => path)
  }

  #byHand(id: FindingId): string {
    return `By hand: ${ABOUT[id].byHand.join('; ')}`
  }
}

const wasBefore = ({ before, path, front }: ChangeRecord): string =>
  before === null
    ? `Before there was no ${path}.`
    : `Before it did not have these lines: ${JSON.stringify(Buffer.from(front, 'base64').toString())}.`
