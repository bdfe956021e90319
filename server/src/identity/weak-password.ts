import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'
import { AppError } from '../platform/app-error.ts'

/**
 * Fewer guesses than this take minutes for somebody who has the hash, and lists of leaked passwords begin with them.
 */
const leastGuesses = 1e8
/** Checking a longer text takes time and finds nothing more. */
const maxLength = 64

/** Words that are common in China, in addition to the list, which was leaked elsewhere. */
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
 * Rejects passwords that are on the list of the most common leaked ones, or are built from these, from keyboard rows,
 * repetitions, or data about the person. The list is part of the package, so there is no network request.
 * @param known what an attacker would try first: name and address of the person.
 * @throws AppError `weak_password`
 */
export function requireStrongPassword(password: string, field: string, known: readonly string[] = []): void {
  estimator ??= new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs, maxLength })
  const words = ['stagewatch', ...chineseWords, ...known.flatMap((text) => [text, ...text.split(/[^\p{L}\p{N}]+/u)])]
  const { guesses } = estimator.check(password, [...new Set(words.filter((word) => word.length > 2))])
  if (guesses >= leastGuesses) return
  throw new AppError('weak_password', 'this password is too easy to guess: choose another one', {
    field,
  })
}
