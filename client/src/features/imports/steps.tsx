import { Link } from '@tanstack/react-router'
import { clsx } from 'clsx'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import card from '../../components/card.module.css'
import layout from '../../components/layout/layout.module.css'
import { useText } from '../../locales/use-text.ts'
import styles from './imports.module.css'

const steps = ['choose', 'map', 'check', 'run'] as const

interface StepsProps {
  readonly current: (typeof steps)[number]
  /** The upload whose earlier steps can be opened again. Undefined: none. */
  readonly upload?: string | undefined
  /** Whether the last step is done as well. */
  readonly isDone?: boolean
  /** The button to the next step. */
  readonly children?: ReactNode
}

/** Shows the current step of an import. */
export function Steps({ current, upload, isDone = false, children }: StepsProps) {
  const { t } = useText()
  const place = steps.indexOf(current)
  return (
    <section className={clsx(card['card'], styles['bar'])} aria-label={t('imports.step.label')}>
      <ol className={styles['steps']}>
        {steps.map((step, index) => {
          const isCurrent = index === place
          const isPast = index < place || isDone
          const content = (
            <>
              <span className={styles['number']} aria-hidden>
                {isPast ? <Check size={14} /> : index + 1}
              </span>
              <span className={styles['stepName']} data-may-truncate={isCurrent && !isDone ? undefined : true}>
                {t(`imports.step.${step}`)}
              </span>
            </>
          )
          return (
            <li
              key={step}
              className={clsx(styles['step'], isCurrent && !isDone && styles['current'])}
              aria-current={isCurrent ? 'step' : undefined}
            >
              {!isCurrent && upload !== undefined && (step === 'map' || step === 'check') ? (
                <Link to="/imports/new" search={{ upload, step }}>
                  {content}
                </Link>
              ) : (
                <span>{content}</span>
              )}
            </li>
          )
        })}
      </ol>
      {children !== undefined && <div className={layout['row']}>{children}</div>}
    </section>
  )
}
