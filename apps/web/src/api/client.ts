import type { SettingsOverride } from '@warder/core'
import type {
  AccountBody,
  AccountChange,
  AccountView,
  AddressView,
  AgainBody,
  InvitationBody,
  InvitationView,
  OwnAccountView,
  PasswordChange,
  RecoveryCodes,
  SessionRowView,
  SilenceBody,
  SilenceView,
  TotpConfirm,
  TotpOffer,
  AllowBody,
  AuditPage,
  BanBody,
  BanPage,
  BulkBody,
  BulkOrdered,
  BulkView,
  ChannelBody,
  ChannelTested,
  ChannelView,
  ClaimBody,
  DeliveryPage,
  DeployAsk,
  DeployOffer,
  DeployView,
  DiffBody,
  DiffView,
  EventPage,
  DoctorRequest,
  DoctorView,
  FiltersView,
  HardeningChange,
  HardeningList,
  FleetSettingsBody,
  FleetSettingsView,
  GroupBody,
  GroupsView,
  HostKeyView,
  ImportBody,
  ImportedView,
  InsightsView,
  JailView,
  JoinCodeView,
  LinesView,
  LogView,
  ListBody,
  ListChange,
  ListEntry,
  ListEntryBody,
  ListEntryPage,
  ListsView,
  ListView,
  LoginBody,
  NodeView,
  PanicBody,
  PanicView,
  OrderedView,
  OverviewView,
  PreviewBody,
  PreviewView,
  RestoreBody,
  RevisionDetail,
  RevisionPage,
  RevisionView,
  RuleBody,
  RuleView,
  SessionView,
  SettingsBody,
  SettingsChanged,
  TimelineView,
  TokenBody,
  TokenCreated,
  TokenView,
  TopicView,
  UnbanBody,
} from '@warder/protocol/api'
import { PATHS } from '@warder/protocol/paths'
import type { TimeRange } from '../routes.ts'
import { makeRequest, type RequestParts } from './request.ts'

/** Which bans to list. `ip` also finds the subnets around an address and the addresses inside a subnet. */
export interface BansAsk {
  readonly ip?: string | undefined
  readonly search?: string | undefined
  /** Words to be found; each may be a beginning, with a `*`. */
  readonly q?: string | undefined
  readonly node?: string | null
  readonly jail?: string | null
  readonly active?: boolean
  readonly cursor?: string | null
  readonly limit?: number
}

export interface EventsAsk {
  readonly ip?: string
  readonly kind?: string
  readonly node?: string
  /** Words to be found, as typed. */
  readonly q?: string
  readonly cursor?: string | null
  readonly limit?: number
}

/** Which lines to read: of the journal with `jail` those that this jail reads. */
export interface LinesAsk {
  readonly node: string
  readonly source: string
  readonly jail: string | null
  readonly limit: number
}

/** Where a setting is changed: everywhere, on the nodes of a group or cluster (with what is said there), or on one node. */
export type Place =
  | { readonly kind: 'fleet' }
  | { readonly kind: 'group'; readonly group: string; readonly said: SettingsOverride }
  | { readonly kind: 'node'; readonly node: string }

function settingsPath(place: Place, jail: string): string {
  if (place.kind === 'fleet') return PATHS.jailSettings(jail)
  return place.kind === 'node'
    ? PATHS.nodeJailSettings(place.node, jail)
    : PATHS.groupJailSettings(place.group, jail)
}

export type Api = ReturnType<typeof makeApi>

/** Every request that the dashboard makes. All of them throw an ApiError when they fail. */
export function makeApi(parts: RequestParts) {
  const request = makeRequest(parts)
  const get = <T>(path: string, query: object = {}) =>
    request<T>({ method: 'GET', path, query: { ...query } })
  const post = <T>(path: string, body: unknown) => request<T>({ method: 'POST', path, body })
  const put = <T>(path: string, body: unknown) => request<T>({ method: 'PUT', path, body })
  const remove = (path: string) => request<void>({ method: 'DELETE', path })
  return {
    session: () => get<SessionView>(PATHS.session),
    claim: (body: ClaimBody) => post<SessionView>(PATHS.claim, body),
    signIn: (body: LoginBody) => post<SessionView>(PATHS.session, body),
    signOut: () => remove(PATHS.session),
    accept: (body: InvitationBody) => post<SessionView>(PATHS.invitation, body),

    ownAccount: () => get<OwnAccountView>(PATHS.ownAccount),
    changePassword: (body: PasswordChange) => post<void>(PATHS.ownPassword, body),
    ownSessions: () => get<readonly SessionRowView[]>(PATHS.ownSessions),
    endSession: (id: string) => remove(PATHS.ownSession(id)),
    endOtherSessions: () => remove(PATHS.ownSessions),
    beginTotp: (body: AgainBody) => post<TotpOffer>(PATHS.ownTotp, body),
    confirmTotp: (body: TotpConfirm) => put<RecoveryCodes>(PATHS.ownTotp, body),
    removeTotp: (body: AgainBody) => request<void>({ method: 'DELETE', path: PATHS.ownTotp, body }),
    newRecoveryCodes: (body: AgainBody) => post<RecoveryCodes>(PATHS.ownRecoveryCodes, body),

    accounts: () => get<readonly AccountView[]>(PATHS.accounts),
    addAccount: (body: AccountBody) => post<InvitationView>(PATHS.accounts, body),
    changeAccount: (id: number, body: AccountChange) =>
      request<AccountView>({ method: 'PATCH', path: PATHS.account(id), body }),
    removeAccount: (id: number) => remove(PATHS.account(id)),
    inviteAgain: (id: number) => post<InvitationView>(PATHS.accountInvitation(id), {}),
    removeTotpOf: (id: number) => remove(PATHS.accountTotp(id)),

    overview: () => get<OverviewView>(PATHS.overview),
    timeline: (hours: number) => get<TimelineView>(PATHS.timeline, { hours }),
    insights: ({ from, to }: TimeRange) => get<InsightsView>(PATHS.insights, { from, to, limit: 100 }),
    events: (ask: EventsAsk) => get<EventPage>(PATHS.events, ask),
    address: (ip: string, hours: number) => get<AddressView>(PATHS.address(ip), { hours }),
    audit: (cursor: string | null) => get<AuditPage>(PATHS.audit, { cursor, limit: 100 }),

    bans: (ask: BansAsk) => get<BanPage>(PATHS.bans, ask),
    ban: (body: BanBody) => post<OrderedView>(PATHS.bans, body),
    unban: (body: UnbanBody) => post<OrderedView>(PATHS.unban, body),

    bulk: (body: BulkBody) => post<BulkOrdered>(PATHS.bulkOrders, body),
    bulkOrder: (id: string) => get<BulkView>(PATHS.bulkOrder(id)),
    undoBulk: (id: string) => post<BulkView>(PATHS.undoBulkOrder(id), {}),

    lists: () => get<ListsView>(PATHS.lists),
    createList: (body: ListBody) => post<ListView>(PATHS.lists, body),
    changeList: (list: string, body: ListChange) =>
      request<ListView>({ method: 'PATCH', path: PATHS.list(list), body }),
    removeList: (list: string) => remove(PATHS.list(list)),
    listEntries: (list: string, search: string, cursor: string | null) =>
      get<ListEntryPage>(PATHS.listEntries(list), { search, cursor, limit: 200 }),
    addEntry: (list: string, body: ListEntryBody) => post<ListEntry>(PATHS.listEntries(list), body),
    removeEntry: (list: string, ip: string) => remove(PATHS.listEntry(list, ip)),
    importList: (list: string, body: ImportBody) => post<ImportedView>(PATHS.listImport(list), body),
    fetchList: (list: string, confirm?: string) =>
      post<ImportedView>(PATHS.listFetch(list), confirm === undefined ? {} : { confirm }),
    allow: (body: AllowBody) => post<ListEntry>(PATHS.allow, body),

    nodes: async () => rowsOf(await get<Listed<NodeView>>(PATHS.nodes)),
    panic: (body: PanicBody) => post<PanicView>(PATHS.panic, body),
    resume: (node?: string) =>
      remove(node === undefined ? PATHS.panic : `${PATHS.panic}?node=${encodeURIComponent(node)}`),
    removeNode: (node: string) => remove(PATHS.node(node)),
    deployOffer: () => get<DeployOffer>(PATHS.deployOffer),
    hostKey: (host: string, port: number) => post<HostKeyView>(PATHS.deployHostKey, { host, port }),
    deploys: () => get<readonly DeployView[]>(PATHS.deploys),
    deploy: (body: DeployAsk) => post<DeployView>(PATHS.deploys, body),
    cancelDeploy: (id: string) => request<DeployView>({ method: 'DELETE', path: PATHS.deploy(id) }),
    joinCode: (minutes: number) => post<JoinCodeView>(PATHS.joinCodes, { minutes }),

    jails: async () => rowsOf(await get<Listed<JailView>>(PATHS.jails)),
    changeSettings: (place: Place, jail: string, body: SettingsBody) =>
      request<SettingsChanged>({
        method: 'PUT',
        path: settingsPath(place, jail),
        body,
      }),
    groups: () => get<GroupsView>(PATHS.groups),
    putGroup: (group: string, body: GroupBody) => put<SettingsChanged>(PATHS.group(group), body),
    removeGroup: (group: string) => request<SettingsChanged>({ method: 'DELETE', path: PATHS.group(group) }),
    fleetSettings: () => get<FleetSettingsView>(PATHS.fleetSettings),
    changeFleetSettings: (body: FleetSettingsBody) =>
      request<SettingsChanged>({ method: 'PUT', path: PATHS.fleetSettings, body }),
    revisionPage: (cursor: string | null) => get<RevisionPage>(PATHS.revisions, { cursor, limit: 50 }),
    revision: (revision: number) => get<RevisionDetail>(PATHS.revision(revision)),
    tuningDiff: (body: DiffBody) => post<DiffView>(PATHS.tuningDiff, body),
    preview: (body: PreviewBody) => post<PreviewView>(PATHS.tuningPreview, body),
    restore: (revision: number, body: RestoreBody) =>
      post<SettingsChanged>(PATHS.restoreRevision(revision), body),
    revisions: async () => rowsOf(await get<Listed<RevisionView>>(PATHS.revisions, { limit: 20 })),

    filters: (node: string) => get<FiltersView>(PATHS.nodeFilters(node)),
    hardening: (node: string) => get<HardeningList>(PATHS.nodeHardening(node)),
    harden: (node: string, finding: string, body: HardeningChange) =>
      post<HardeningList>(PATHS.nodeHardeningFinding(node, finding), body),
    agentLog: (node: string) => get<LogView>(PATHS.nodeLog(node)),
    doctor: (node: string, body: DoctorRequest) => post<DoctorView>(PATHS.nodeDoctor(node), body),
    lines: ({ node, source, jail, limit }: LinesAsk) =>
      get<LinesView>(PATHS.sourceLines(node, source), { limit, jail }),

    tokens: async () => rowsOf(await get<Listed<TokenView>>(PATHS.tokens)),
    createToken: (body: TokenBody) => post<TokenCreated>(PATHS.tokens, body),
    topics: async () => rowsOf(await get<Listed<TopicView>>(PATHS.topics)),
    channels: async () => rowsOf(await get<Listed<ChannelView>>(PATHS.channels)),
    addChannel: (body: ChannelBody) => post<ChannelView>(PATHS.channels, body),
    changeChannel: (id: number, body: ChannelBody) => put<ChannelView>(PATHS.channel(id), body),
    removeChannel: (id: number) => remove(PATHS.channel(id)),
    testChannel: (id: number) => post<ChannelTested>(PATHS.channelTest(id), {}),
    rules: async () => rowsOf(await get<Listed<RuleView>>(PATHS.rules)),
    addRule: (body: RuleBody) => post<RuleView>(PATHS.rules, body),
    changeRule: (id: number, body: RuleBody) => put<RuleView>(PATHS.rule(id), body),
    removeRule: (id: number) => remove(PATHS.rule(id)),
    silence: () => get<SilenceView>(PATHS.silence),
    beSilent: (body: SilenceBody) => put<SilenceView>(PATHS.silence, body),
    endSilence: () => remove(PATHS.silence),
    deliveries: (cursor: string | null) => get<DeliveryPage>(PATHS.deliveries, { cursor, limit: 50 }),
    revokeToken: (id: string) => remove(PATHS.token(id)),
  }
}

/** Short lists come whole; they may be wrapped like pages. */
type Listed<T> = readonly T[] | { readonly rows: readonly T[] }

const rowsOf = <T>(listed: Listed<T>): readonly T[] => ('rows' in listed ? listed.rows : listed)
