import type { DoctorView } from '@warder/protocol/api'
import type { Api } from '../../api/client.ts'
import { Wanted } from '../../state/wanted.svelte.ts'

/** A node whose jails are tried with a marked line each, when somebody wants it. */
export type Examination = Wanted<DoctorView>

/** What is broken comes first. */
const RANK = { broken: 0, partly: 1, alive: 2 }

export const examinationOf = (api: Api, node: string): Examination =>
  new Wanted(async () => {
    const told = await api.doctor(node, {})
    return {
      ...told,
      jails: told.jails.toSorted((one, other) => RANK[one.verdict] - RANK[other.verdict]),
    }
  })
