import * as z from 'zod'

export const operatorName = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\u0000-\u001f\u007f]+$/)
export const password = z.string().min(10, 'at least 10 characters').max(512)
