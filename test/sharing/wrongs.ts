import { nodesNeeded, type Ban } from '@warder/core'
import type { Made, SimCluster } from './cluster.ts'
import type { SimNode } from './node.ts'

/** Ends that differ by less are the same to the server. */
const SAME_END_MS = 60_000
/** What may be between the end of a ban here and there. */
const CLOSE_MS = 1_500
/** A node whose clock is wrong takes the time that a message waits for its clock; after so long the link is given up. */
const WAITS_MS = 45_000
/** A ban that ends so soon is not looked at. */
const SOON_MS = 30_000

const seconds = (ms: number): string => `${Math.round(ms / 1_000)} s`

/** What is not as it should be in a cluster that has been calm for a while, in words. */
export function wrongs(cluster: SimCluster): readonly string[] {
  return [
    ...cluster.nodes.flatMap((node) => [
      ...returned(cluster, node),
      ...strays(cluster, node),
      ...unlike(cluster, node),
      ...node.objections.map((each) => `${node.setup.name}: the link was ended: ${each}`),
    ]),
    ...lost(cluster),
    ...ordersLost(cluster),
    ...(cluster.chatter > 0
      ? [`nodes were told something ${cluster.chatter} times though nothing happened`]
      : []),
  ]
}

const untilOf = (node: SimNode, ban: Pick<Ban, 'until'>): number =>
  ban.until === null ? Infinity : ban.until - node.setup.ahead

/** When a target was last lifted everywhere. */
const liftedAt = ({ lifts }: SimCluster, jail: string, ip: string): number =>
  Math.max(
    -Infinity,
    ...lifts
      .filter((lift) => lift.node === null && lift.ip === ip && (lift.jail === null || lift.jail === jail))
      .map(({ at }) => at),
  )

const standing = (cluster: SimCluster, each: Made): boolean =>
  each.until > cluster.now + SOON_MS && each.at > liftedAt(cluster, each.jail, each.ip)

/** Bans that are in force though they were lifted everywhere after they were made. */
function returned(cluster: SimCluster, node: SimNode): readonly string[] {
  return node.bans().flatMap((ban) => {
    const jail = ban.from?.jail ?? ban.jail
    const lifted = liftedAt(cluster, jail, ban.ip)
    const at = ban.origin === 'shared' ? shareAt(cluster, ban) : ban.at - node.setup.ahead
    return at <= lifted ? [`${node.setup.name}: ${ban.origin} ${jail} ${ban.ip} is back after its lift`] : []
  })
}

const shareAt = (cluster: SimCluster, ban: Ban): number =>
  cluster.server.running.storage.stores.shares.find('lab', ban.from?.jail ?? '', ban.ip)?.at ?? -Infinity

/** Shared bans that the server does not want, or whose end and origin are not those of what they stand for. */
function strays(cluster: SimCluster, node: SimNode): readonly string[] {
  const { shares } = cluster.server.running.storage.stores
  const close = CLOSE_MS + (cluster.isPunctual ? 0 : WAITS_MS)
  return node.bans().flatMap((ban) => {
    if (ban.from === undefined || untilOf(node, ban) < cluster.now + SOON_MS) return []
    const row = shares.find('lab', ban.from.jail, ban.ip)
    const name = `${node.setup.name}: shared ${ban.jail} ${ban.ip}`
    if (row?.id !== ban.from.share) return [`${name} is not in force any more`]
    const apart = untilOf(node, ban) - (row.until ?? Infinity)
    const made = cluster.made.filter((each) => each.jail === ban.from?.jail && each.ip === ban.ip)
    const fits = made.some((each) => Math.abs(each.until - untilOf(node, ban)) <= close)
    return [
      ...(Math.abs(apart) > close ? [`${name} ends ${seconds(apart)} apart from its share`] : []),
      ...(row.body.own.length > 0 && !fits ? [`${name} ends with none of the bans that it is for`] : []),
      ...(ban.from.nodes.length === 0 ? [`${name} does not say where it comes from`] : []),
    ]
  })
}

/** Where history, the firewall and the node itself differ on who is banned. */
function unlike(cluster: SimCluster, node: SimNode): readonly string[] {
  const { stores } = cluster.server.running.storage
  const id = stores.nodes.byName(node.setup.name)?.id ?? 0
  const inHistory = stores.bans
    .activeInside('0.0.0.0/0', cluster.now + node.setup.ahead + SOON_MS)
    .filter(({ nodeId }) => nodeId === id)
    .map(({ jail, ip }) => `${jail} ${ip}`)
  const here = node
    .bans()
    .filter((ban) => untilOf(node, ban) > cluster.now + SOON_MS)
    .map(({ jail, ip }) => `${jail} ${ip}`)
  const { name } = node.setup
  return [
    ...here.filter((each) => !inHistory.includes(each)).map((each) => `${name}: ${each} is not in history`),
    ...inHistory.filter((each) => !here.includes(each)).map((each) => `${name}: ${each} is in history alone`),
  ]
}

/** Bans that the policy wants on all nodes, and that are not there. */
function lost(cluster: SimCluster): readonly string[] {
  const detected = cluster.made.filter((each) => each.origin === 'detected' && standing(cluster, each))
  const settled = detected.filter((each) => !isLiftedOn(cluster, each.node, each))
  return settled.flatMap((each) => {
    const policy = cluster.node(each.node).settings.policy ?? 'local'
    const needed = nodesNeeded(policy)
    const alike = settled.filter(({ jail, ip }) => jail === each.jail && ip === each.ip)
    const from = new Set(alike.map(({ node }) => node))
    const isWanted = needed !== null && from.size >= needed
    return cluster.nodes.flatMap((node) => {
      const { name, never } = node.setup
      if (never.includes(each.ip) || isLiftedOn(cluster, name, each)) return []
      if (name !== each.node && !isWanted) return []
      const until = Math.max(
        -Infinity,
        ...node
          .bans()
          .filter((ban) => ban.ip === each.ip && (ban.jail === each.jail || ban.from?.jail === each.jail))
          .map((ban) => untilOf(node, ban)),
      )
      const missing = each.until - until
      return missing > SAME_END_MS + CLOSE_MS
        ? [`${name}: the ban ${each.jail} ${each.ip} of ${each.node} is lost (${seconds(missing)})`]
        : []
    })
  })
}

/** Whether a target was lifted on a node alone since a ban was made. */
const isLiftedOn = ({ lifts }: SimCluster, name: string, { ip, jail, at }: Made): boolean =>
  lifts.some(
    (lift) =>
      lift.node === name &&
      lift.ip === ip &&
      (lift.jail === null || lift.jail === jail) &&
      lift.at >= at - SAME_END_MS,
  )

/** Bans of operators that were carried out and are gone. */
function ordersLost(cluster: SimCluster): readonly string[] {
  return cluster.made
    .filter((each) => each.origin === 'operator' && standing(cluster, each))
    .filter((each) => !isLiftedOn(cluster, each.node, each))
    .filter((each) => {
      const node = cluster.node(each.node)
      return !node.bans().some((ban) => ban.ip === each.ip && untilOf(node, ban) >= each.until - CLOSE_MS)
    })
    .map((each) => `${each.node}: the operator's ban ${each.jail} ${each.ip} is lost`)
}
