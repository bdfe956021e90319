import { ActionIcon, Button, Checkbox, Popover, TextInput } from '@mantine/core'
import { savedViewRequest } from '@stagewatch/shared/contract/saved-views.ts'
import { useQuery } from '@tanstack/react-query'
import { Bookmark, Trash2 } from 'lucide-react'
import { useState } from 'react'
import {
  savedViewsQuery,
  useDeleteView,
  useSaveView,
  type SavedView,
  type SavedViewRequest,
} from '../api/saved-views.ts'
import { useMe } from '../api/session.ts'
import { useText } from '../locales/use-text.ts'
import { ErrorAlert } from './error-alert.tsx'
import { Form } from './form/form.tsx'
import { useSchemaForm } from './form/use-schema-form.ts'
import layout from './layout/layout.module.css'
import { notifyDone } from './notify.ts'
import { OnlineButton } from './online-button.tsx'
import { QueryBoundary } from './query-boundary.tsx'
import styles from './saved-views.module.css'

interface SavedViewsProps {
  readonly page: SavedView['page']
  /** The page's current search parameters. */
  readonly search: string
  readonly onOpen: (search: string) => void
}

/** Named search parameters of a page: the user's own views and those shared by others. */
export function SavedViews(props: SavedViewsProps) {
  const { t } = useText()
  const { kind, site } = useMe()
  const [isOpen, setIsOpen] = useState(false)
  const query = useQuery({ ...savedViewsQuery(site), enabled: isOpen })
  // Views belong to people; keys and visitors have none.
  if (kind !== 'person') return null
  return (
    <Popover position="bottom-end" withinPortal={false} trapFocus opened={isOpen} onChange={setIsOpen}>
      <Popover.Target>
        <Button
          variant="default"
          data-icon="narrow"
          title={t('views.title')}
          leftSection={<Bookmark size={16} aria-hidden />}
          onClick={() => setIsOpen(!isOpen)}
          aria-expanded={isOpen}
        >
          <span data-may-truncate>{t('views.title')}</span>
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles['dropdown']} aria-label={t('views.title')}>
        <QueryBoundary query={query} isInCard>
          {({ views }) => <ViewList {...props} views={views} onChosen={() => setIsOpen(false)} />}
        </QueryBoundary>
        <SaveForm {...props} />
      </Popover.Dropdown>
    </Popover>
  )
}

interface ViewListProps extends SavedViewsProps {
  readonly views: readonly SavedView[]
  readonly onChosen: () => void
}

function ViewList({ page, search, views, onOpen, onChosen }: ViewListProps) {
  const { t } = useText()
  const remove = useDeleteView()
  const ofPage = views.filter((view) => view.page === page)
  if (ofPage.length === 0) return <p className={layout['meta']}>{t('views.none')}</p>
  return (
    <>
      <ul className={styles['list']}>
        {ofPage.map((view) => (
          <li key={view.id} className={styles['view']}>
            <button
              type="button"
              className={styles['name']}
              aria-current={view.search === search ? 'true' : undefined}
              onClick={() => {
                onOpen(view.search)
                onChosen()
              }}
            >
              {view.name}
              <span className={layout['meta']}>
                {view.owner === undefined ? view.shared && t('views.shared') : t('views.of', { name: view.owner })}
              </span>
            </button>
            {view.editable && (
              <ActionIcon
                variant="subtle"
                aria-label={t('views.delete', { name: view.name })}
                loading={remove.isPending && remove.variables === view.id}
                onClick={() => remove.mutate(view.id)}
              >
                <Trash2 size={16} aria-hidden />
              </ActionIcon>
            )}
          </li>
        ))}
      </ul>
      <ErrorAlert error={remove.error} />
    </>
  )
}

function SaveForm({ page, search }: SavedViewsProps) {
  const { t } = useText()
  const { actions } = useMe()
  const empty: SavedViewRequest = { page, search, name: '', shared: false }
  const { form, field, submit } = useSchemaForm(savedViewRequest, empty)
  const saving = useSaveView()
  const save = submit(({ name, shared }) =>
    saving.mutate(
      { page, search, name, shared },
      {
        onSuccess: () => {
          form.reset()
          notifyDone(t('views.saved', { name }))
        },
      },
    ),
  )
  return (
    <Form onSubmit={save}>
      <TextInput {...field('name')} label={t('views.name')} maxLength={80} autoComplete="off" />
      {actions.includes('orders.manage') && (
        <Checkbox
          label={t('views.share')}
          checked={form.values.shared}
          onChange={({ currentTarget: { checked } }) => form.setFieldValue('shared', checked)}
        />
      )}
      <ErrorAlert error={saving.error} />
      <OnlineButton type="submit" loading={saving.isPending}>
        {t('views.save')}
      </OnlineButton>
    </Form>
  )
}
