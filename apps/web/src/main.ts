import { mount } from 'svelte'
import App from './App.svelte'
import { beginLanguage } from './language/language.ts'
import { Dashboard } from './state/dashboard.svelte.ts'
import './style/tokens.css'
import './style/elements.css'

const target = document.getElementById('app')
// Nothing is drawn before its language is there: it would be drawn in English first.
if (target !== null)
  void beginLanguage().then(() => mount(App, { target, props: { dashboard: new Dashboard() } }))
