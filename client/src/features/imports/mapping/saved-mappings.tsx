import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core'
import { mappingName } from '@stagewatch/shared/contract/import-mapping.ts'
import type { MappingList } from '@stagewatch/shared/contract/import-mapping.ts'
import { useQuery } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { z } from 'zod'
import { useMe } from '../../../api/session.ts'
import card from '../../../components/card.module.css'
import { ErrorAlert } from '../../../components/error-alert.tsx'
import { Form } from '../../../components/form/form.tsx'
import { useSchemaForm } from '../../../components/form/use-schema-form.ts'
import layout from '../../../components/layout/layout.module.css'
import { notifyDone } from '../../../components/notify.ts'
import { OnlineButton } from '../../../components/online-button.tsx'
import { QueryBoundary } from '../../../components/query-boundary.tsx'
import { useText } from '../../../locales/use-text.ts'
import type { CheckedOrder } from '../use-checked-order.ts'
import { withField } from './edit-order.ts'
import { mappingsQuery, useDeleteMapping, useSaveMapping } from './mappings-api.ts'

type SavedMappingsProps = Pick<CheckedOrder, 'order' | 'change'>

/** Mappings for recurring files: exports of other programs, and those saved by the site. */
export function SavedMappings(props: SavedMappingsProps) {
  const { t } = useText()
  const query = useQuery(mappingsQuery(useMe().site))
  return (
    <section className={card['card']}>
      <h2 className={card['title']}>{t('imports.mapping.title')}</h2>
      <QueryBoundary query={query} isInCard>
        {(list) => (
          <div className={layout['stack']}>
            <PresetField {...props} presets={list.presets} />
            <MappingList {...props} mappings={list.mappings} />
            <SaveForm order={props.order} mappings={list.mappings} />
          </div>
        )}
      </QueryBoundary>
    </section>
  )
}

function PresetField({ order, change, presets }: SavedMappingsProps & Pick<MappingList, 'presets'>) {
  const { t } = useText()
  return (
    <NativeSelect
      label={t('imports.mapping.preset')}
      value={order.mapping.preset ?? ''}
      data={[
        { value: '', label: t('imports.map.auto') },
        { value: 'none', label: t('imports.mapping.presetNone') },
        ...presets.map(({ name, title }) => ({ value: name, label: title })),
      ]}
      onChange={({ currentTarget: { value } }) => change(withField(order, 'preset', value === '' ? undefined : value))}
    />
  )
}

function MappingList({ order, change, mappings }: SavedMappingsProps & Pick<MappingList, 'mappings'>) {
  const { t } = useText()
  const remove = useDeleteMapping()
  if (mappings.length === 0) return <p className={layout['meta']}>{t('imports.mapping.none')}</p>
  return (
    <>
      <ul>
        {mappings.map(({ name, mapping }) => (
          <li key={name} className={layout['listRow']}>
            <span className={layout['break']}>{name}</span>
            <span className={layout['row']}>
              <Button
                variant="default"
                aria-label={`${t('imports.mapping.use')}: ${name}`}
                onClick={() => change({ ...order, mapping })}
              >
                {t('imports.mapping.use')}
              </Button>
              <ActionIcon
                variant="subtle"
                size="lg"
                aria-label={t('imports.mapping.deleteOf', { name })}
                loading={remove.isPending && remove.variables === name}
                onClick={() => remove.mutate(name)}
              >
                <Trash2 size={16} aria-hidden />
              </ActionIcon>
            </span>
          </li>
        ))}
      </ul>
      <ErrorAlert error={remove.error} />
    </>
  )
}

const saveRequest = z.object({ name: mappingName })

/** Saves the current mapping. An existing name is overwritten. */
function SaveForm({ order, mappings }: Pick<SavedMappingsProps, 'order'> & Pick<MappingList, 'mappings'>) {
  const { t } = useText()
  const { form, field, submit } = useSchemaForm(saveRequest, { name: '' })
  const save = useSaveMapping()
  return (
    <Form
      onSubmit={submit(({ name }) =>
        save.mutate(
          { name, mapping: order.mapping, version: mappings.find((known) => known.name === name)?.version },
          {
            onSuccess: () => {
              form.reset()
              notifyDone(t('imports.mapping.saved', { name }))
            },
          },
        ),
      )}
    >
      <TextInput {...field('name')} label={t('imports.mapping.name')} autoComplete="off" />
      <ErrorAlert error={save.error} />
      <OnlineButton type="submit" variant="default" loading={save.isPending}>
        {t('imports.mapping.save')}
      </OnlineButton>
    </Form>
  )
}
