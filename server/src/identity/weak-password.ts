import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'
import { AppError } from '../platform/app-error.ts'

/** Fewer guesses than this are made in minutes by whoever has the hash, and lists of leaked passwords begin with them. */
const leastGuesses = 1e8
/** Searching a longer text costs time and finds no more. */
const maxLength = 64

/** What people in China take beside the words of the list, which was leaked elsewhere. */
const chineseWords = [
  'woaini',
  'aini',
  '1314',
  '520',
  '1314520',
  '5201314',
  'mima',
  'nihao',
  'woaiwojia',
  'laopo',
  'laogong',
]

let estimator: ZxcvbnFactory | undefined

/**
 * Refuses passwords that are on the list of the most common leaked ones, or are made of such a one, of a row of keys,
 * of repetitions, or of what is known of the person. The list comes with the package: nothing is asked over the network.
 * @param known what an attacker would try first: name and address of the person.
 * @throws AppError `weak_password`
 */
export function requireStrongPassword(password: string, field: string, known: readonly string[] = []): void {
  estimator ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength })
  const words = ['stagewatch', ...chineseWords, ...known.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)])]
  const { guesses } = estimator.check(password, [...new Set(words.filter((word) => word.length > 2))])
  if (guesses >= leastGuesses) return
  throw new AppError('weak_password', 'this password is among those that are guessed first: choose another one', {
    field,
  })
}
