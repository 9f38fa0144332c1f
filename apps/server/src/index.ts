export { DEFAULT_PORT, serverConfig, type ServerConfig } from './config/schema.ts'
export type { NodePast } from './ingest/history.ts'
export { makeServer, type Server, type ServerParts, type Started } from './server.ts'
