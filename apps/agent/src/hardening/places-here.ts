import { join } from 'node:path'
import type { Clock } from '@warder/daemon'
import type { AgentConfig } from '../config/schema.ts'
import { SlowFile } from '../settings/slow-file.ts'
import type { Places } from './places.ts'
import { runProgram } from './run.ts'

/** This system. */
export const placesHere = (config: Pick<AgentConfig, 'state_dir' | 'pve_dir'>, clock: Clock): Places => ({
  root: '/',
  records: join(config.state_dir, 'hardening'),
  pve: {
    cluster: new SlowFile(join(config.pve_dir, 'firewall/cluster.fw'), clock),
    host: new SlowFile(join(config.pve_dir, 'local/host.fw'), clock),
  },
  run: runProgram,
})
