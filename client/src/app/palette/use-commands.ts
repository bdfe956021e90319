import { useMantineColorScheme } from '@mantine/core'
import { languages, locales } from '@stagewatch/shared/domain/locales.ts'
import { useNavigate } from '@tanstack/react-router'
import { Factory, FileUp, Keyboard, Languages, LayoutDashboard, Monitor, Moon, Sun, UserRound } from 'lucide-react'
import { useMe } from '../../api/session.ts'
import { chooseOwnLanguage } from '../../components/layout/language-toggle.tsx'
import { wallPath } from '../../components/layout/wall-path.ts'
import { useText } from '../../locales/use-text.ts'
import { sidebarItems } from '../sidebar-items.ts'
import type { Entry } from './entry.ts'

const schemes = { auto: Monitor, light: Sun, dark: Moon } as const

/** The pages and sites that the user may open, and the commands that are available everywhere. */
export function useCommands(onShortcuts: () => void): readonly Entry[] {
  const { t, language, nameOf } = useText()
  const { site, sites, actions } = useMe()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const navigate = useNavigate()
  const pages = sidebarItems
    .filter(({ needs }) => actions.includes(needs))
    .map((item): Entry => {
      const run = (): void => void navigate({ to: item.path })
      const keys = 'key' in item ? { keys: `g ${item.key}` } : {}
      return { id: item.path, group: 'pages', text: t(item.text), words: item.path, icon: item.icon, ...keys, run }
    })
  const wall: Entry = {
    id: '/wall',
    group: 'pages',
    text: t('nav.wall'),
    words: '/wall',
    icon: LayoutDashboard,
    run: () => location.assign(wallPath(site, language)),
  }
  const account: Entry = {
    id: '/account',
    group: 'pages',
    text: t('account.open'),
    words: '/account',
    icon: UserRound,
    run: () => void navigate({ to: '/account' }),
  }
  const newImport: Entry = {
    id: '/imports/new',
    group: 'commands',
    text: t('imports.new'),
    words: 'import upload csv excel xes',
    icon: FileUp,
    run: () => void navigate({ to: '/imports/new' }),
  }
  const otherSites = sites
    .filter(({ code }) => code !== site)
    .map(({ code, name }): Entry => {
      const run = (): void => void navigate({ to: '.', search: { site: code } })
      return { id: `site ${code}`, group: 'sites', text: nameOf(name), words: code, icon: Factory, run }
    })
  const themes = (['auto', 'light', 'dark'] as const)
    .filter((scheme) => scheme !== colorScheme)
    .map((scheme): Entry => {
      const text = t('palette.theme', { theme: t(`theme.${scheme}`) })
      const run = (): void => setColorScheme(scheme)
      return { id: `theme ${scheme}`, group: 'commands', text, words: `theme ${scheme}`, icon: schemes[scheme], run }
    })
  const otherLanguages = languages
    .filter((each) => each !== language)
    .map((each): Entry => {
      const { name, tag } = locales[each]
      const text = t('palette.language', { language: name })
      // If the texts of the language cannot be loaded, the page keeps its current language.
      const run = (): void => void chooseOwnLanguage(each).catch(() => undefined)
      return { id: `language ${tag}`, group: 'commands', text, words: `language ${tag}`, icon: Languages, run }
    })
  const shortcuts: Entry = {
    id: 'shortcuts',
    group: 'commands',
    text: t('shortcuts.title'),
    words: 'shortcuts keyboard help',
    icon: Keyboard,
    keys: '?',
    stays: true,
    run: onShortcuts,
  }
  const ownWall = actions.includes('board.read') ? [wall] : []
  const ownImport = actions.includes('imports.manage') ? [newImport] : []
  return [...pages, ...ownWall, account, ...ownImport, ...otherSites, ...themes, ...otherLanguages, shortcuts]
}
