const { realpathSync } = require('node:fs')
const { createRequire } = require('node:module')
const { join } = require('node:path')

// Where it does not find Svelte's compiler it passes over .svelte files without a word: then this is an error.
const tool = realpathSync(join(__dirname, 'node_modules', 'dependency-cruiser', 'package.json'))
createRequire(tool).resolve('svelte/compiler')

// The only allowed directions between folders. The sentence in `comment` is what a wrong import shows.
const rule = (name, from, to, comment) => ({ name, severity: 'error', comment, from, to })
const TEST = '\\.test\\.ts$'

module.exports = {
  forbidden: [
    rule(
      'no-cycles',
      {},
      { circular: true },
      'Two files that know each other are one file, or a third is missing.',
    ),
    rule(
      'core-is-alone',
      { path: '^packages/core/src', pathNot: TEST },
      { pathNot: '^packages/core/src' },
      'The core knows no one, so that anyone may know it.',
    ),
    rule(
      'packages-below-apps',
      { path: '^packages/' },
      { path: '^(apps|test)/' },
      'A package does not know who uses it.',
    ),
    rule(
      'protocol-on-core',
      { path: '^packages/protocol/src', pathNot: TEST },
      { path: '^packages/', pathNot: '^packages/(protocol|core)/' },
      'The schemas know the core and nothing else of ours.',
    ),
    rule(
      'conf-on-core',
      { path: '^packages/conf/src', pathNot: TEST },
      { path: '^packages/', pathNot: '^packages/(conf|core)/' },
      'The configuration language knows the core and nothing else of ours.',
    ),
    rule(
      'conf-is-pure',
      { path: '^packages/conf/src', pathNot: TEST },
      { dependencyTypes: ['core', 'npm'] },
      "The configuration language works on a map of files; reading them is the agent's task.",
    ),
    rule(
      'filters-on-conf-and-core',
      { path: '^packages/filters/src', pathNot: TEST },
      { path: '^packages/', pathNot: '^packages/(filters|conf|core)/' },
      'Filters know the configuration language and the core.',
    ),
    rule(
      'simulator-on-core',
      { path: '^packages/simulator/src', pathNot: TEST },
      { path: '^packages/', pathNot: '^packages/(simulator|core)/' },
      'The simulated world does not know who watches it.',
    ),
    rule(
      'daemon-knows-no-domain',
      { path: '^packages/daemon/src' },
      { path: '^packages/', pathNot: '^packages/daemon/' },
      'What every long-running process needs knows no jail and no ban.',
    ),
    rule(
      'apps-apart',
      { path: '^apps/(agent|server|web)/' },
      { path: '^apps/', pathNot: '^apps/$1/' },
      'Apps meet on the link, not in memory.',
    ),
    rule(
      'dashboard-without-schemas',
      { path: '^apps/web/src', pathNot: TEST },
      { path: '^packages/protocol/src/(api/)?index\\.ts$', dependencyTypesNot: ['type-only'] },
      'The dashboard takes types alone from the schemas: a browser would load all of zod for one of their words.',
    ),
    rule(
      'front-door',
      { path: '^(apps|packages)/([^/]+)/src', pathNot: TEST },
      {
        path: '^packages/([^/]+)/src/',
        pathNot: [
          '^packages/$2/',
          '^packages/[^/]+/src/index\\.ts$',
          '^packages/protocol/src/(api|control)/index\\.ts$',
          '^packages/protocol/src/(words|api/paths)\\.ts$',
        ],
      },
      'Come in by the door.',
    ),
    rule(
      'link-knows-no-feature',
      { path: '^apps/server/src/link', pathNot: TEST },
      { path: '^apps/server/src/(bans|jails|tuning|events|timeline|tokens|audit|live|ingest)/' },
      'The link is given what to do with what arrives; it does not look for it.',
    ),
    rule(
      'egress-knows-no-feature',
      { path: '^apps/server/src/egress', pathNot: TEST },
      { path: '^apps/server/src/(?!egress/)' },
      'The way out is used by features; it does not know what they send.',
    ),
    rule(
      'features-apart',
      { path: '^apps/server/src/([^/]+)/', pathNot: TEST },
      { path: '^apps/server/src/([^/]+)/routes\\.ts$', pathNot: '^apps/server/src/$1/' },
      'Share a store, not a route.',
    ),
    rule(
      'sql-in-stores',
      { path: '^apps/agent/src', pathNot: ['/state/', '/fail2ban/database\\.ts$', TEST] },
      { path: 'better-sqlite3' },
      "SQL lives in state/; fail2ban's own database is read where that is known.",
    ),
    rule(
      'sqlite-in-one-folder',
      { path: '^apps/server/src', pathNot: '^apps/server/src/sqlite/' },
      { path: 'better-sqlite3' },
      'Only sqlite/ knows SQLite: another backend must be able to take its place.',
    ),
    rule(
      'one-way-to-a-backend',
      { path: '^apps/server/src', pathNot: '^apps/server/src/(sqlite/|backend\\.ts$)' },
      { path: '^apps/server/src/sqlite/' },
      'Ask storage/ for what is kept; only backend.ts says who keeps it.',
    ),
    rule(
      'storage-knows-no-backend',
      { path: '^apps/server/src/storage/' },
      { path: '^apps/server/src/(sqlite/|backend\\.ts$)' },
      'The interface, and the suite that holds backends to it, must fit every backend.',
    ),
    rule(
      'agent-light',
      { path: '^apps/agent/src', pathNot: TEST },
      { path: '^packages/protocol/src/api' },
      'The agent loads nothing that only the API needs: it must stay light on the node.',
    ),
    rule(
      'ui-knows-no-domain',
      { path: '^apps/web/src/(ui|chart|format)/', pathNot: TEST },
      { path: '^apps/web/src/(views|state|live|api)/' },
      'Parts do not know the whole.',
    ),
    rule(
      'primitives-below-ui',
      { path: '^apps/web/src', pathNot: '^apps/web/src/ui/' },
      { path: 'node_modules/bits-ui' },
      'Views use our own parts, which have our looks and words (docs/adr/0033-primitives.md).',
    ),
    rule(
      'views-apart',
      { path: '^apps/web/src/views/([^/]+)/', pathNot: TEST },
      { path: '^apps/web/src/views/([^/]+)/', pathNot: '^apps/web/src/views/$1/' },
      'Views share ui and state, not each other.',
    ),
    rule(
      'pure-deciders',
      {
        path: [
          '^apps/agent/src/(firewall/(nft-script|nft-listing)|link/(link-state|send-window))\\.ts$',
          '^apps/web/src/state/apply-event\\.ts$',
          '^apps/server/src/egress/(address-class|guard)\\.ts$',
          '^apps/server/src/(alarms/(alarms|silence)|metrics/(families|text)|retention/limits|events/words|sqlite/match)\\.ts$',
          '^apps/server/src/notifications/(collapse|match|notice|notification|of-event|quiet|retry|tally|troubles|zone)\\.ts$',
        ],
      },
      { dependencyTypes: ['core', 'npm'], pathNot: '/node_modules/zod/' },
      'This file decides, another one acts.',
    ),
    rule(
      'nothing-unresolved',
      {},
      { couldNotResolve: true },
      'What a package.json does not name cannot be imported.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(apps|packages)/[^/]+/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default', 'svelte'],
    },
  },
}
