import type { EpochMs } from '@warder/core'
import type { Clock, Logger } from '@warder/daemon'
import { fork, type ChildProcess } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ServerConfig } from '../config/schema.ts'
import { backupsAmong, dueAt, momentOf } from './manifest.ts'
import type { BackupAnswer, BackupAsked } from './backup-process.ts'

const PROCESS = fileURLToPath(new URL('./backup-process.ts', import.meta.url))
const FLAGS = ['--disable-warning=ExperimentalWarning']
const LOOK_MS = 10 * 60_000
/** After one that failed, so long until the next. */
const AGAIN_MS = 60 * 60_000

export interface ScheduleParts {
  readonly clock: Clock
  readonly log: Logger
  readonly config: ServerConfig
}

/** How backups stand. */
export interface BackupState {
  /** When the latest whole one was made; null: there is none. */
  readonly latestAt: EpochMs | null
  /** Why the last try failed; null: it did not. */
  readonly problem: string | null
}

/** Where backups lie: in the data folder, unless the configuration names another one. */
export const backupFolder = ({ backup, data_dir }: ServerConfig): string =>
  backup?.folder ?? join(data_dir, 'backups')

/** Makes a backup whenever one is due, where the configuration asks for it; in a process of its own. */
export class BackupSchedule implements Disposable {
  readonly #parts: ScheduleParts
  readonly #timer: Disposable | null
  #child: ChildProcess | null = null
  #notBefore: EpochMs = 0
  #state: BackupState = { latestAt: null, problem: null }
  #stopped = false

  constructor(parts: ScheduleParts) {
    this.#parts = parts
    const { clock, config } = parts
    this.#timer = config.backup === undefined ? null : clock.every(LOOK_MS, () => void this.look())
    if (this.#timer !== null) void this.look()
  }

  /** Null where no schedule is asked for. */
  get state(): BackupState | null {
    return this.#timer && this.#state
  }

  /** Makes a backup now if one is due and none is being made; resolves when it is made, or failed. */
  async look(): Promise<void> {
    const { clock, config, log } = this.#parts
    const { backup } = config
    const now = clock.now()
    if (backup === undefined || this.#child !== null || now < this.#notBefore || this.#stopped) return
    const folder = backupFolder(config)
    const names = await readdir(folder).catch(() => [])
    const latestAt = momentOf(backupsAmong(names).at(-1) ?? '')
    this.#state = { ...this.#state, latestAt }
    if (dueAt(names, backup.every_hours, now) > now || this.#child !== null || this.#stopped) return
    const answer = await this.#ask({ dataDir: config.data_dir, folder, keep: backup.keep, madeAt: now })
    if (this.#stopped) return
    if (answer.ok) {
      log.info({ ...answer.made }, 'a backup was made and read again')
      this.#state = { latestAt: now, problem: null }
    } else {
      log.error({ folder, problem: answer.problem }, 'a backup could not be made')
      this.#state = { ...this.#state, problem: answer.problem }
      this.#notBefore = clock.now() + AGAIN_MS
    }
  }

  [Symbol.dispose](): void {
    this.#stopped = true
    this.#timer?.[Symbol.dispose]()
    // What it leaves unfinished is removed by the next one.
    this.#child?.kill('SIGKILL')
  }

  async #ask(asked: BackupAsked): Promise<BackupAnswer> {
    const { promise, resolve } = Promise.withResolvers<BackupAnswer>()
    const child = fork(PROCESS, { execArgv: FLAGS, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.#child = child
    child.on('message', (message) => resolve(message as BackupAnswer))
    child.on('error', (err) => resolve({ ok: false, problem: err.message }))
    child.on('exit', (code, signal) =>
      resolve({ ok: false, problem: `what makes it ended (${signal ?? code ?? 'unknown'})` }),
    )
    child.send(asked, () => {})
    const answer = await promise
    this.#child = null
    return answer
  }
}
