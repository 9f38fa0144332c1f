import { play, type Story } from './play.ts'
import { wrongs } from './wrongs.ts'

/** What is wrong at the end of a story, in words. */
export async function outcomeOf(story: Story): Promise<readonly string[]> {
  await using cluster = await play(story)
  return wrongs(cluster)
}

const kindOf = (wrong: string): string => wrong.replace(/\d+/g, '#')

/** A story with as little in it as still ends like this one does. */
export async function shrunk(story: Story, wrong: string): Promise<Story> {
  const isAlike = async (less: Story): Promise<boolean> =>
    (await outcomeOf(less).catch(() => [])).some((each) => kindOf(each) === kindOf(wrong))
  let best = story
  for (let size = Math.ceil(best.happenings.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < best.happenings.length;) {
      const less = { ...best, happenings: best.happenings.toSpliced(at, size) }
      if (await isAlike(less)) best = less
      else at += size
    }
  }
  const together = { ...best, ahead: best.ahead.map(() => 0) }
  return (await isAlike(together)) ? together : best
}
