import type { OutboxEvent } from '@warder/protocol'
import { WebSocket } from '../../../apps/server/node_modules/ws/wrapper.mjs'
import { LabNode } from '../../../apps/server/src/lab/agent.ts'
