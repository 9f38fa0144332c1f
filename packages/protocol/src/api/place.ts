import * as z from 'zod'

/** Where an address is at home, as far as the server's local databases say. */
export const place = z.object({
  country: z.string().describe('Two letters; empty where it is not known.'),
  asn: z.number().int().nullable().describe('The number of the network that it belongs to.'),
  network: z.string().nullable().describe('The name of that network.'),
})
export type Place = z.infer<typeof place>
