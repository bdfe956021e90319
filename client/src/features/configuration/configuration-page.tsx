import { Button, FileButton, Textarea } from '@mantine/core'
import type { SiteConfig } from '@stagewatch/shared/contract/site-config.ts'
import { maxReleaseReason } from '@stagewatch/shared/contract/process-draft.ts'
import { clsx } from 'clsx'
import { Download, FileUp, Undo2 } from 'lucide-react'
import { useRef, useState } from 'react'
import { z } from 'zod'
import { isApiError } from '../../api/request.ts'
import { useMe } from '../../api/session.ts'
import card from '../../components/card.module.css'
import { ErrorAlert } from '../../components/error-alert.tsx'
import { FormButtons, Form } from '../../components/form/form.tsx'
import { useSchemaForm } from '../../components/form/use-schema-form.ts'
import layout from '../../components/layout/layout.module.css'
import { Page } from '../../components/layout/page.tsx'
import note from '../../components/note.module.css'
import { OnlineButton } from '../../components/online-button.tsx'
import { useText } from '../../locales/use-text.ts'
import { useApplyConfig, useCompareConfig, useExportConfig, type Comparison, type Proposal } from './api.ts'
import { ConfigDiff } from './config-diff.tsx'

/** The rules of the site as one file that can be exported, compared and restored. */
export function ConfigurationPage() {
  const { t } = useText()
  return (
    <Page title={t('nav.configuration')} needs="site.manage">
      <div className={layout['stack']}>
        <ExportCard />
        <ApplyCard />
      </div>
    </Page>
  )
}

function ExportCard() {
  const { t } = useText()
  const { site } = useMe()
  const fetched = useExportConfig()
  const send = (): void =>
    fetched.mutate(undefined, {
      onSuccess: ({ config, version }) => saveFile(`stagewatch-${site}-${version.slice(0, 8)}.json`, config),
    })
  return (
    <section className={clsx(card['card'], layout['stack'])}>
      <h2 className={card['title']}>{t('configuration.export.title')}</h2>
      <p>{t('configuration.export.text')}</p>
      <p className={layout['meta']}>{t('configuration.export.without')}</p>
      <ErrorAlert error={fetched.error} />
      <div className={layout['row']}>
        <OnlineButton
          variant="default"
          leftSection={<Download size={16} aria-hidden />}
          loading={fetched.isPending}
          onClick={send}
        >
          {t('configuration.export.button')}
        </OnlineButton>
      </div>
    </section>
  )
}

/** Equal configurations produce equal files, identical to those of the command. */
function saveFile(name: string, config: SiteConfig): void {
  const url = URL.createObjectURL(new Blob([`${JSON.stringify(config, undefined, 2)}\n`], { type: 'application/json' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}

/** Compares a file with the site's configuration and applies it. The previous configuration can be restored. */
function ApplyCard() {
  const { t } = useText()
  const [isUnreadable, setUnreadable] = useState(false)
  const [before, setBefore] = useState<SiteConfig>()
  const compare = useCompareConfig()
  const { data: comparison } = compare
  const propose = (proposal: Proposal): void => {
    setUnreadable(false)
    setBefore(undefined)
    compare.mutate(proposal)
  }
  const resetFile = useRef<() => void>(null)
  const read = async (file: File | null): Promise<void> => {
    resetFile.current?.()
    if (file === null) return
    const config = parsedJson(await file.text())
    if (config === undefined) {
      compare.reset()
      setUnreadable(true)
    } else propose({ name: file.name, config })
  }
  return (
    <section className={clsx(card['card'], layout['stack'])}>
      <h2 className={card['title']}>{t('configuration.apply.title')}</h2>
      <p>{t('configuration.apply.text')}</p>
      <div className={layout['row']}>
        <FileButton resetRef={resetFile} accept=".json,application/json" onChange={(file) => void read(file)}>
          {(props) => (
            <OnlineButton
              {...props}
              variant="default"
              leftSection={<FileUp size={16} aria-hidden />}
              loading={compare.isPending}
            >
              {t('configuration.apply.choose')}
            </OnlineButton>
          )}
        </FileButton>
      </div>
      {isUnreadable && (
        <p className={clsx(note['note'], note['warning'])} role="alert">
          {t('configuration.apply.unreadable')}
        </p>
      )}
      <ErrorAlert error={compare.error} />
      {before !== undefined && (
        <div className={note['note']} role="status">
          <p>{t('configuration.applied')}</p>
          <Button
            variant="default"
            leftSection={<Undo2 size={16} aria-hidden />}
            onClick={() => propose({ name: t('configuration.before'), config: before })}
          >
            {t('configuration.takeBack')}
          </Button>
        </div>
      )}
      {comparison !== undefined && (
        <ProposedChange
          key={comparison.proposal.name + comparison.difference.version}
          comparison={comparison}
          onAgain={() => propose(comparison.proposal)}
          onDone={(applied) => {
            compare.reset()
            setBefore(applied)
          }}
        />
      )}
    </section>
  )
}

/** @returns undefined: the text is not valid JSON. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

interface ProposedChangeProps {
  readonly comparison: Comparison
  /** Compares again, because the site's configuration has changed in the meantime. */
  readonly onAgain: () => void
  /** @param before the previous configuration, if the proposal was applied. */
  readonly onDone: (before: SiteConfig | undefined) => void
}

const reasonForm = z.object({ reason: z.string().trim().min(1).max(maxReleaseReason) })

function ProposedChange({ comparison, onAgain, onDone }: ProposedChangeProps) {
  const { t } = useText()
  const { proposal, current, difference } = comparison
  const apply = useApplyConfig()
  const { field, submit } = useSchemaForm(reasonForm, { reason: '' })
  if (difference.total === 0) {
    return (
      <p className={note['note']} role="status">
        {t('configuration.same', { name: proposal.name })}
      </p>
    )
  }
  return (
    <>
      <h3>{t('configuration.differs', { count: difference.total, name: proposal.name })}</h3>
      <ConfigDiff comparison={comparison} />
      <Form
        onSubmit={submit(({ reason }) => apply.mutate({ comparison, reason }, { onSuccess: () => onDone(current) }))}
      >
        <Textarea
          {...field('reason')}
          label={t('processes.release.reason')}
          description={t('configuration.reasonHint')}
          maxLength={maxReleaseReason}
          minRows={2}
          autosize
        />
        <ErrorAlert error={apply.error} conflict={t('configuration.conflict')} />
        {isApiError(apply.error, 'conflict') && (
          <Button variant="default" onClick={onAgain}>
            {t('configuration.compareAgain')}
          </Button>
        )}
        <FormButtons
          submit={t('configuration.apply.button')}
          isBusy={apply.isPending}
          onCancel={() => onDone(undefined)}
        />
      </Form>
    </>
  )
}
