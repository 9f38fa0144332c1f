import { mount } from 'svelte'
import App from './App.svelte'
import { Dashboard } from './state/dashboard.svelte.ts'
import './style/tokens.css'
import './style/elements.css'

const target = document.getElementById('app')
if (target !== null) mount(App, { target, props: { dashboard: new Dashboard() } })
