import type { FieldReason } from '@stagewatch/shared/contract/field-issue.ts'
import type { FileProblem, FileProblemCode } from '@stagewatch/shared/contract/file-problem.ts'
import type { ProblemCode } from '@stagewatch/shared/contract/problem.ts'
import { AppError } from '../../platform/app-error.ts'

interface FileErrorDetails {
  readonly params?: FileProblem['params']
  /** Field of the mapping. */
  readonly field?: string
  readonly reason?: FieldReason
}

/**
 * Why a file cannot be read: an English message for consoles, and a code for pages, which show it in the user's
 * language.
 */
export class FileError extends AppError {
  readonly problem: FileProblem

  constructor(
    code: Exclude<ProblemCode, 'invalid_field'>,
    problem: FileProblemCode,
    message: string,
    { params = {}, ...more }: FileErrorDetails = {},
  ) {
    super(code, message, more)
    this.problem = { code: problem, params }
  }
}
