import type { ImportView } from '@stagewatch/shared/contract/imports.ts'
import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import note from '../../../components/note.module.css'
import { instantText } from '../../../format/instant-text.ts'
import { formatCount } from '../../../format/quantity.ts'
import { useText } from '../../../locales/use-text.ts'

const shownImports = 3

interface EarlierImportsProps {
  readonly earlier: readonly ImportView[]
  /** Epoch ms. */
  readonly now: number
}

/** Imports of an identical file that have not been undone. */
export function EarlierImports({ earlier, now }: EarlierImportsProps) {
  const { t, language } = useText()
  if (earlier.length === 0) return null
  return (
    <div className={clsx(note['note'], note['warning'])} role="status">
      <div>
        <p>
          <strong>{t('imports.earlier.title')}</strong>
        </p>
        <ul>
          {earlier.slice(0, shownImports).map(({ id, startedAt, actor, accepted }) => (
            <li key={id}>
              <Link to="/imports/$id" params={{ id: String(id) }}>
                {t('imports.earlier.line', {
                  time: instantText(startedAt, now, language),
                  actor,
                  count: accepted,
                  shown: formatCount(accepted, language),
                })}
              </Link>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
