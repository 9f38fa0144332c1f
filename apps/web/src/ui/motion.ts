/** Parameters of a transition; without a duration for those who asked their system for less motion. */
export function calmly<T extends { duration: number }>(wanted: T): T {
  const less = typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches
  return less ? { ...wanted, duration: 0 } : wanted
}
