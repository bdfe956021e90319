import { Checkbox, TextInput } from '@mantine/core'
import card from '../../../components/card.module.css'
import layout from '../../../components/layout/layout.module.css'
import { useText } from '../../../locales/use-text.ts'
import type { CheckedOrder } from '../use-checked-order.ts'
import { columnName, samplesOf, withField, type KnownTable } from './edit-order.ts'
import styles from './mapping.module.css'

type MilestoneFieldsProps = Pick<CheckedOrder, 'order' | 'change'> & { readonly table: KnownTable }

/** For files with one row per order: assigns a column with the entry time to each stage. */
export function MilestoneFields({ order, change, table }: MilestoneFieldsProps) {
  const { t } = useText()
  const milestones = order.mapping.milestones ?? []
  const set = (next: typeof milestones): void =>
    change(withField(order, 'milestones', next.length === 0 ? undefined : next))
  return (
    <section className={card['card']} id="import-milestones">
      <h2 className={card['title']}>{t('imports.map.milestones')}</h2>
      <p className={layout['meta']}>{t('imports.map.milestonesText')}</p>
      <ul className={styles['milestones']}>
        {table.header.map((header, index) => {
          const column = columnName(table, index + 1)
          const known = milestones.find((milestone) => milestone.column === column)
          const title = header.trim() === '' ? column : header
          return (
            <li key={column} className={styles['milestone']}>
              <Checkbox
                label={title}
                description={samplesOf(table, index + 1)[0]}
                checked={known !== undefined}
                onChange={({ currentTarget: { checked } }) =>
                  set(
                    checked
                      ? [...milestones, { column }]
                      : milestones.filter((milestone) => milestone.column !== column),
                  )
                }
              />
              {known !== undefined && (
                <TextInput
                  aria-label={t('imports.map.milestoneStage', { column: title })}
                  placeholder={title}
                  maxLength={200}
                  value={known.stage ?? ''}
                  onChange={({ currentTarget: { value } }) =>
                    set(
                      milestones.map((milestone) =>
                        milestone.column === column ? { column, ...(value !== '' && { stage: value }) } : milestone,
                      ),
                    )
                  }
                />
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
