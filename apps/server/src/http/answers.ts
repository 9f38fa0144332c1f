/** Answers of a server, as JSON, by method and pattern of the route. Recorded by examples.test.ts. */
export const ANSWERS: Readonly<Record<string, string>> = {
  'DELETE /api/v1/bans/:ip':
    '{"ips":["203.0.113.9"],"orders":[{"id":"4dbce591-16ef-4273-875f-2b8f980fb7f3","node":"pve1","ip":"203.0.113.9","state":"sent"},{"id":"8aa82e8f-0434-4b55-aba6-5767bd2d914c","node":"pve3","ip":"203.0.113.9","state":"sent"}],"bans":1}',
  'DELETE /api/v1/groups/:group':
    '{"revision":12,"nodes":[{"node":"pve1","state":"pending"},{"node":"pve3","state":"pending"}]}',
  'DELETE /api/v1/notifications/silence': '{"silence":null,"held":[]}',
  'DELETE /api/v1/panic':
    '{"until":null,"nodes":[{"node":"pve1","state":"sent"},{"node":"pve3","state":"sent"}]}',
  'GET /api/v1/account':
    '{"name":"ada","role":"admin","realm":null,"createdAt":1795176000000,"totp":false,"recoveryCodes":0}',
  'GET /api/v1/account/sessions':
    '[{"id":"pqYrvZLu2E-u","address":"127.0.0.1","agent":"node","createdAt":1795176000000,"usedAt":1795176000000,"endsAt":1797768000000,"current":true}]',
  'GET /api/v1/accounts':
    '[{"id":1,"name":"ada","role":"admin","realm":null,"state":"active","totp":false,"createdAt":1795176000000,"signedInAt":1795176000000,"invitedUntil":null},{"id":2,"name":"bob","role":"operator","realm":null,"state":"invited","totp":false,"createdAt":1795176000000,"signedInAt":null,"invitedUntil":1795435200000}]',
  'GET /api/v1/addresses':
    '{"from":1795093200000,"rows":[{"ip":"203.0.113.9","failures":1,"bans":1,"place":null}]}',
  'GET /api/v1/addresses/:ip':
    '{"ip":"203.0.113.9","place":null,"successes":{"count":3,"lastAt":1795175910000,"users":["ada"],"jails":["sshd"],"nodes":["pve1"]},"spanMs":3600000,"spans":[{"at":1795172400000,"failures":1,"bans":0},{"at":1795176000000,"failures":0,"bans":1}]}',
  'GET /api/v1/audit':
    '{"rows":[{"id":38,"at":1795176000000,"actor":"ada","address":"127.0.0.1","action":"rule.change","target":"rule 1","before":{"id":1,"enabled":true,"topics":["node-lost","disk-low"],"severity":"warning","jails":[],"nodes":[],"channels":[1],"pace":"attack","dailyAt":"08:00","quiet":{"from":"22:00","to":"06:00","critical":true},"zone":"Europe/Berlin"},"after":{"enabled":true,"topics":["node-lost","disk-low"],"severity":"warning","jails":[],"nodes":[],"channels":[1],"pace":"hourly","dailyAt":"08:00","quiet":{"from":"22:00","to":"06:00","critical":true},"zone":"Europe/Berlin"}},{"id":37,"at":1795176000000,"actor":"ada","address":"127.0.0.1","action":"rule.create","target":"rule 1","before":null,"after":{"enabled":true,"topics":["node-lost","disk-low"],"severity":"warning","jails":[],"nodes":[],"channels":[1],"pace":"attack","dailyAt":"08:00","quiet":{"from":"22:00","to":"06:00","critical":true},"zone":"Europe/Berlin"}}],"next":null}',
  'GET /api/v1/bans':
    '{"rows":[{"id":1,"node":"pve1","jail":"sshd","ip":"203.0.113.9","at":1795176000000,"until":1795176600000,"active":true,"endedAt":null,"ended":null,"endedBy":null,"origin":"detected","by":null,"reason":null,"ticket":{"failures":5,"first":1795175940000,"last":1795176000000,"maxretry":5,"findtime":600,"users":["root"],"lines":["Failed password for root from 203.0.113.9 port 4000 ssh2"]},"from":null,"place":null,"why":"5 failed logins as root within 60 seconds (limit 5 in 10 minutes), seen on pve1","enforced":null}],"next":null,"total":1}',
  'GET /api/v1/bans/export':
    '"{\\"id\\":1,\\"node\\":\\"pve1\\",\\"jail\\":\\"sshd\\",\\"ip\\":\\"203.0.113.9\\"}\\n"',
  'GET /api/v1/bulk-orders':
    '[{"id":"d7afef1f-b7c2-4102-99a1-fe330d51a35f","kind":"ban","at":1795176000000,"by":"ada","jail":null,"reason":null,"total":2,"nodes":[{"node":"pve1","state":"sent","changed":0,"refused":0},{"node":"pve3","state":"sent","changed":0,"refused":0}],"refused":[],"undoOf":null}]',
  'GET /api/v1/bulk-orders/:id':
    '{"id":"d7afef1f-b7c2-4102-99a1-fe330d51a35f","kind":"ban","at":1795176000000,"by":"ada","jail":null,"reason":null,"total":2,"nodes":[{"node":"pve1","state":"sent","changed":0,"refused":0},{"node":"pve3","state":"sent","changed":0,"refused":0}],"refused":[],"undoOf":null}',
  'GET /api/v1/countries': '{"from":1795093200000,"rows":[{"country":"","failures":1,"bans":1}]}',
  'GET /api/v1/events':
    '{"rows":[{"seq":3,"node":"pve1","at":1795176000000,"event":{"kind":"success.found","jail":"sshd","ip":"203.0.113.9","succeededAt":1795175910000,"user":"ada","count":3}},{"seq":2,"node":"pve1","at":1795176000000,"event":{"kind":"ban.added","ban":{"jail":"sshd","ip":"203.0.113.9","at":1795176000000,"until":1795176600000,"origin":"detected","ticket":{"failures":5,"first":1795175940000,"last":1795176000000,"maxretry":5,"findtime":600,"users":["root"],"lines":["Failed password for root from 203.0.113.9 port 4000 ssh2"]}}}}],"next":null}',
  'GET /api/v1/events/export':
    '"{\\"seq\\":1,\\"node\\":\\"pve1\\",\\"at\\":1795176000000,\\"event\\":{\\"kind\\":\\"ban.expired\\"}}\\n"',
  'GET /api/v1/groups':
    '{"revision":2,"rows":[{"name":"lab","kind":"cluster","nodes":["pve1","pve3"],"jails":{}},{"name":"edge","kind":"group","nodes":["pve1","pve3"],"jails":{"sshd":{"maxretry":3}}}]}',
  'GET /api/v1/jails':
    '[{"node":"pve1","jail":"sshd","filter":"sshd","state":"running","reason":null,"ports":"tcp 22","sources":["/var/log/auth.log"],"configured":{"enabled":true,"maxretry":5,"findtime":600,"bantime":600},"wanted":{"enabled":true,"maxretry":5,"findtime":600,"bantime":600},"effective":{"enabled":true,"maxretry":5,"findtime":600,"bantime":600},"layers":{"enabled":"configured","maxretry":"configured","findtime":"configured","bantime":"configured","policy":"configured"},"revision":{"wanted":0,"answered":0,"state":"applied","reason":null},"local":[],"ipv6prefix":null,"aggregate":null,"activeBans":1,"failuresLastDay":1,"lastMatchAt":1795175940000}]',
  'GET /api/v1/lists':
    '{"revision":6,"lists":[{"name":"own","kind":"deny","note":"seen in the logs of every day","entries":3,"createdAt":1795176000000,"createdBy":"ada","changedAt":1795176000000,"changedBy":"ada","source":null},{"name":"scanners","kind":"deny","note":"","entries":0,"createdAt":1795176000000,"createdBy":"ada","changedAt":1795176000000,"changedBy":"ada","source":{"url":"https://lists.example/scanners.txt","hours":6,"triedAt":null,"fetchedAt":null,"trouble":null,"bad":0,"misread":[]}}],"nodes":[{"node":"pve1","state":"pending","refused":0},{"node":"pve3","state":"pending","refused":0}]}',
  'GET /api/v1/lists/:list':
    '{"name":"own","kind":"deny","note":"","entries":0,"createdAt":1795176000000,"createdBy":"ada","changedAt":1795176000000,"changedBy":"ada","source":null}',
  'GET /api/v1/lists/:list/entries':
    '{"rows":[{"ip":"198.51.100.0/24","note":"scans","until":1795262400000,"addedAt":1795176000000,"addedBy":"ada","fetched":false}],"next":null,"total":1}',
  'GET /api/v1/nodes':
    '[{"name":"pve1","cluster":"lab","state":"online","since":1795176000000,"lastSeenAt":1795176000000,"enrolledAt":1795176000000,"address":"127.0.0.1","agent":"0.1.0","startedAt":1795175940000,"firewall":{"backend":"memory","enforcing":true,"reason":"a lab"},"suspended":null,"enforcement":null,"revision":{"wanted":0,"answered":0,"state":"applied","reason":null},"sources":[{"id":"/var/log/auth.log","state":"reading","lines":10,"matches":2,"lastLineAt":1795176000000,"lastMatchAt":1795176000000}],"activeBans":1,"failuresLastHour":1,"outboxDepth":0,"lagMs":3,"rssBytes":60000000,"never":null,"clockSkewMs":0,"figures":null,"alarms":[]},{"name":"pve3","cluster":"lab","state":"online","since":1795176000000,"lastSeenAt":1795176000000,"enrolledAt":1795176000000,"address":"127.0.0.1","agent":null,"startedAt":null,"firewall":null,"suspended":null,"enforcement":null,"revision":{"wanted":0,"answered":0,"state":"applied","reason":null},"sources":[],"activeBans":0,"failuresLastHour":0,"outboxDepth":0,"lagMs":0,"rssBytes":0,"never":null,"clockSkewMs":null,"figures":null,"alarms":[]}]',
  'GET /api/v1/nodes/:node':
    '{"name":"pve1","cluster":"lab","state":"online","since":1795176000000,"lastSeenAt":1795176000000,"enrolledAt":1795176000000,"address":"127.0.0.1","agent":"0.1.0","startedAt":1795175940000,"firewall":{"backend":"memory","enforcing":true,"reason":"a lab"},"suspended":null,"enforcement":null,"revision":{"wanted":0,"answered":0,"state":"applied","reason":null},"sources":[{"id":"/var/log/auth.log","state":"reading","lines":10,"matches":2,"lastLineAt":1795176000000,"lastMatchAt":1795176000000}],"activeBans":1,"failuresLastHour":1,"outboxDepth":0,"lagMs":3,"rssBytes":60000000,"never":null,"clockSkewMs":0,"figures":null,"alarms":[]}',
  'GET /api/v1/nodes/:node/filters':
    '{"filters":[{"name":"sshd","jails":["sshd"],"prefregex":null,"failregex":["^Failed password for <F-USER>.*</F-USER> from <ADDR> port \\\\d+"],"ignoreregex":[],"datepattern":null,"maxlines":1}],"cut":false}',
  'GET /api/v1/nodes/:node/hardening':
    '{"findings":[{"id":"sshd-tries","state":"applied","severity":"low","title":"Tries in one ssh connection","cause":"sshd takes 3 tries in one connection (/etc/ssh/sshd_config.d/00-warder.conf). Warder sees to it with /etc/ssh/sshd_config.d/00-warder.conf.","effect":"","fix":"MaxAuthTries 3 is set in a drop-in of sshd; sshd tests it and is reloaded, never restarted.","byHand":["sshd -t && systemctl reload ssh"],"undo":"What was written is taken out again, and sshd is reloaded."}]}',
  'GET /api/v1/nodes/:node/log':
    '{"lines":[{"at":1795176000000,"level":"warn","part":"source","text":"a source is lost source=/var/log/auth.log reason=permission denied"}]}',
  'GET /api/v1/nodes/:node/sources/:source/lines':
    '{"lines":[{"text":"Nov 20 12:00:00 pve1 sshd[906]: Failed password for root from 203.0.113.9 port 4000 ssh2","writtenAt":1795176000000}],"zone":60,"cut":false}',
  'GET /api/v1/notifications/channels':
    '[{"id":1,"kind":"ntfy","name":"ops","enabled":false,"settings":{"server":"https://ntfy.example","topic":"warder"},"secrets":["token"],"goesTo":"warder on ntfy.example","last":null}]',
  'GET /api/v1/notifications/deliveries':
    '{"rows":[{"id":7,"at":1795176000000,"channel":"ops","severity":"critical","title":"Node pve1 is lost","text":"pve1 has not been connected for three minutes.","state":"sent","attempts":1,"problem":null,"nextAt":null,"finishedAt":1795176000400}],"next":null}',
  'GET /api/v1/notifications/rules':
    '[{"enabled":true,"topics":["node-lost","disk-low"],"severity":"warning","jails":[],"nodes":[],"channels":[1],"pace":"hourly","dailyAt":"08:00","quiet":{"from":"22:00","to":"06:00","critical":true},"zone":"Europe/Berlin","id":1}]',
  'GET /api/v1/notifications/silence':
    '{"silence":{"from":1795176000000,"until":1795179600000,"by":"ada","critical":false},"held":[{"topic":"ban","count":12}]}',
  'GET /api/v1/notifications/topics':
    '[{"topic":"ban","severity":"info","meaning":"An address was banned by a jail"},{"topic":"ban-refused","severity":"warning","meaning":"A ban of an address that must not be banned was refused"}]',
  'GET /api/v1/openapi.json': '{"openapi":"3.1.0","info":{"title":"Warder"}}',
  'GET /api/v1/overview':
    '{"activeBans":1,"bannedAddresses":1,"failuresLastMinute":1,"failuresLastHour":1,"failuresLastDay":1,"bansToday":1,"nodesOnline":2,"nodes":2,"lastMatchAt":1795175940000,"lastMatchNode":"pve1","lastMatchJail":"sshd"}',
  'GET /api/v1/revisions':
    '{"rows":[{"revision":10,"at":1795176000000,"by":"ada","reason":null,"summary":"local networks on all nodes: can be banned → as each node says; group edge: pve1, pve3 → none; sshd on all nodes: maxretry 3 → 4, findtime 10m → inherited; sshd on cluster lab: maxretry 3 → inherited, findtime 10m → inherited; sshd on group edge: maxretry 3 → inherited, findtime 10m → inherited; sshd on node pve1: maxretry 3 → inherited, findtime 10m → inherited, bantime inherited → for ever","confirmWithin":null},{"revision":9,"at":1795176000000,"by":"ada","reason":"a storm","summary":"sshd on node pve1: findtime inherited → 10m","confirmWithin":60}],"next":null}',
  'GET /api/v1/revisions/:revision':
    '{"revision":2,"at":1795176000000,"by":"ada","reason":null,"summary":"sshd on group edge: maxretry inherited → 3","confirmWithin":60,"document":{"fleet":{},"clusters":{},"nodes":{},"groups":[{"name":"edge","nodes":["pve1","pve3"],"jails":{"sshd":{"maxretry":3}}}]},"changes":[{"kind":"jail","layer":{"kind":"group","name":"edge"},"jail":"sshd","key":"maxretry","before":null,"after":3}],"answers":[]}',
  'GET /api/v1/session':
    '{"state":"signed-in","operator":"ada","role":"admin","scopes":["read","unban"],"address":"127.0.0.1","version":"0.1.0","realms":[]}',
  'GET /api/v1/settings': '{"revision":5,"filterLocalNetworks":true}',
  'GET /api/v1/timeline':
    '{"from":1795089900000,"to":1795176300000,"bucketMs":300000,"buckets":[{"at":1795175700000,"node":"pve1","failures":1,"bans":0},{"at":1795176000000,"node":"pve1","failures":0,"bans":1}]}',
  'GET /api/v1/tokens':
    '[{"id":"P8KT0Rm0cuyv","name":"deploy","createdAt":1795176000000,"createdBy":"ada","scopes":["read","unban"],"expiresAt":1802952000000,"lastUsedAt":null}]',
  'GET /api/v1/tuning':
    '{"revision":9,"document":{"fleet":{"sshd":{"maxretry":3,"findtime":600}},"clusters":{"lab":{"sshd":{"maxretry":3,"findtime":600}}},"nodes":{"pve1":{"sshd":{"maxretry":3,"findtime":600}}},"groups":[{"name":"edge","nodes":["pve1","pve3"],"jails":{"sshd":{"maxretry":3,"findtime":600}}}],"filterLocalNetworks":true}}',
  'GET /api/v1/tuning/clusters/:cluster': '{"revision":7,"jails":{"sshd":{"maxretry":3,"findtime":600}}}',
  'GET /api/v1/tuning/fleet': '{"revision":6,"jails":{"sshd":{"maxretry":3,"findtime":600}}}',
  'GET /api/v1/tuning/groups/:group': '{"revision":8,"jails":{"sshd":{"maxretry":3,"findtime":600}}}',
  'GET /api/v1/tuning/nodes/:node': '{"revision":9,"jails":{"sshd":{"maxretry":3,"findtime":600}}}',
  'GET /healthz': '{"status":"ok","version":"0.1.0"}',
  'GET /metrics': '"warder_nodes 2\\n"',
  'GET /readyz': '{"status":"ok","version":"0.1.0"}',
  'PATCH /api/v1/accounts/:id':
    '{"id":2,"name":"bob","role":"viewer","realm":null,"state":"invited","totp":false,"createdAt":1795176000000,"signedInAt":null,"invitedUntil":1795435200000}',
  'PATCH /api/v1/lists/:list':
    '{"name":"own","kind":"deny","note":"seen in the logs of every day","entries":0,"createdAt":1795176000000,"createdBy":"ada","changedAt":1795176000000,"changedBy":"ada","source":null}',
  'POST /api/v1/account/recovery-codes': '{"codes":["4f6k-9wq2-m7xd","p3hz-0v8r-c5tn"]}',
  'POST /api/v1/account/totp':
    '{"secret":"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP","uri":"otpauth://totp/Warder:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Warder"}',
  'POST /api/v1/accounts':
    '{"account":{"id":2,"name":"bob","role":"operator","realm":null,"state":"invited","totp":false,"createdAt":1795176000000,"signedInAt":null,"invitedUntil":1795435200000},"code":"inv_zSUPFCCCrawp6fEwh9diENnsRJoZLlnZ","expiresAt":1795435200000}',
  'POST /api/v1/accounts/:id/invitation':
    '{"account":{"id":2,"name":"bob","role":"viewer","realm":null,"state":"invited","totp":false,"createdAt":1795176000000,"signedInAt":null,"invitedUntil":1795435200000},"code":"inv_h-9HPseWrlXkpjEV8QJS7maysd1_KnD8","expiresAt":1795435200000}',
  'POST /api/v1/allow':
    '{"ip":"203.0.113.60","note":"the monitoring","until":1795262400000,"addedAt":1795176000000,"addedBy":"ada","fetched":false}',
  'POST /api/v1/bans':
    '{"ips":["203.0.113.9"],"orders":[{"id":"7eeb0c93-90fd-47c1-ad17-63c21ac7c4bc","node":"pve1","ip":"203.0.113.9","state":"sent"},{"id":"dd69c31f-d0e6-4f24-b6ef-6e96b7d6a26e","node":"pve3","ip":"203.0.113.9","state":"sent"}],"bans":1,"successes":{"count":3,"lastAt":1795175910000,"users":["ada"],"jails":["sshd"],"nodes":["pve1"]}}',
  'POST /api/v1/bulk-orders':
    '{"order":{"id":"d7afef1f-b7c2-4102-99a1-fe330d51a35f","kind":"ban","at":1795176000000,"by":"ada","jail":null,"reason":null,"total":2,"nodes":[{"node":"pve1","state":"sent","changed":0,"refused":0},{"node":"pve3","state":"sent","changed":0,"refused":0}],"refused":[],"undoOf":null},"duplicates":0,"errors":[]}',
  'POST /api/v1/bulk-orders/:id/undo':
    '{"id":"d7e431eb-0baf-497c-9e51-687ff292231b","kind":"lift","at":1795176000000,"by":"ada","jail":"manual","reason":null,"total":2,"nodes":[{"node":"pve1","state":"sent","changed":0,"refused":0},{"node":"pve3","state":"sent","changed":0,"refused":0}],"refused":[],"undoOf":"d7afef1f-b7c2-4102-99a1-fe330d51a35f"}',
  'POST /api/v1/claim':
    '{"state":"signed-in","operator":"ada","role":"admin","scopes":["read","unban"],"address":"127.0.0.1","version":"0.1.0","realms":[]}',
  'POST /api/v1/invitation':
    '{"state":"signed-in","operator":"ada","role":"admin","scopes":["read","unban"],"address":"127.0.0.1","version":"0.1.0","realms":[]}',
  'POST /api/v1/join-codes':
    '{"join":"warder-join.…","fingerprint":"f3f5acaabe19afa4bb0751c1f9adc0eb","expiresAt":1795176900000,"command":"warder enrol http://127.0.0.1:43697 warder-join.…"}',
  'POST /api/v1/lists':
    '{"name":"own","kind":"deny","note":"","entries":0,"createdAt":1795176000000,"createdBy":"ada","changedAt":1795176000000,"changedBy":"ada","source":null}',
  'POST /api/v1/lists/:list/entries':
    '{"ip":"198.51.100.0/24","note":"scans","until":1795262400000,"addedAt":1795176000000,"addedBy":"ada","fetched":false}',
  'POST /api/v1/lists/:list/fetch': '{"added":2,"removed":0,"kept":0,"duplicates":0,"bad":0,"misread":[]}',
  'POST /api/v1/lists/:list/import': '{"added":2,"removed":0,"kept":0,"duplicates":0,"bad":0,"misread":[]}',
  'POST /api/v1/nodes/:node/doctor':
    '{"at":1795176000000,"jails":[{"jail":"sshd","source":"journal","verdict":"alive","ip":"203.0.113.77","line":"Failed password for root from 203.0.113.77 port 4000 ssh2","hops":[{"hop":"write","state":"ok","ms":12,"said":"A marked line was written to the journal."},{"hop":"read","state":"ok","ms":310,"said":"It came back through the source that the jail reads."}]}],"findings":[{"id":"never-bans","state":"fine","severity":"broken","title":"It never bans","cause":"The firewall enforces what is decided.","remedy":""}]}',
  'POST /api/v1/nodes/:node/hardening/:finding':
    '{"findings":[{"id":"sshd-tries","state":"applied","severity":"low","title":"Tries in one ssh connection","cause":"sshd takes 3 tries in one connection (/etc/ssh/sshd_config.d/00-warder.conf). Warder sees to it with /etc/ssh/sshd_config.d/00-warder.conf.","effect":"","fix":"MaxAuthTries 3 is set in a drop-in of sshd; sshd tests it and is reloaded, never restarted.","byHand":["sshd -t && systemctl reload ssh"],"undo":"What was written is taken out again, and sshd is reloaded."}]}',
  'POST /api/v1/notifications/channels':
    '{"id":1,"kind":"ntfy","name":"ops","enabled":true,"settings":{"server":"https://ntfy.example","topic":"warder"},"secrets":["token"],"goesTo":"warder on ntfy.example","last":null}',
  'POST /api/v1/notifications/channels/:id/test': '{"ok":true,"message":"ntfy.example took it.","remedy":""}',
  'POST /api/v1/notifications/rules':
    '{"enabled":true,"topics":["node-lost","disk-low"],"severity":"warning","jails":[],"nodes":[],"channels":[1],"pace":"attack","dailyAt":"08:00","quiet":{"from":"22:00","to":"06:00","critical":true},"zone":"Europe/Berlin","id":1}',
  'POST /api/v1/panic':
    '{"until":1795176600000,"nodes":[{"node":"pve1","state":"sent"},{"node":"pve3","state":"sent"}]}',
  'POST /api/v1/revisions/:revision/restore':
    '{"revision":11,"nodes":[{"node":"pve1","state":"pending"},{"node":"pve3","state":"pending"}]}',
  'POST /api/v1/session':
    '{"state":"signed-in","operator":"ada","role":"admin","scopes":["read","unban"],"address":"127.0.0.1","version":"0.1.0","realms":[]}',
  'POST /api/v1/tokens':
    '{"id":"P8KT0Rm0cuyv","name":"deploy","createdAt":1795176000000,"createdBy":"ada","scopes":["read","unban"],"expiresAt":1802952000000,"lastUsedAt":null,"secret":"wdr_…"}',
  'POST /api/v1/tuning/diff':
    '{"base":10,"summary":"sshd on all nodes: maxretry 4 → 3","changes":[{"kind":"jail","layer":{"kind":"fleet"},"jail":"sshd","key":"maxretry","before":4,"after":3}],"nodes":[{"node":"pve1","jail":"sshd","before":{"enabled":true,"maxretry":4,"findtime":600,"bantime":-1},"after":{"enabled":true,"maxretry":3,"findtime":600,"bantime":-1}}]}',
  'POST /api/v1/tuning/preview':
    '{"from":1794571200000,"to":1795176000000,"failures":1,"ms":915,"nodes":[{"node":"pve1","failures":1,"settings":{"now":{"enabled":true,"maxretry":4,"findtime":600,"bantime":-1},"proposed":{"enabled":true,"maxretry":3,"findtime":3600,"bantime":-1}},"now":{"bans":0,"addresses":0},"proposed":{"bans":0,"addresses":0},"banned":{"total":0,"addresses":[]},"spared":{"total":0,"addresses":[]}}],"note":"Successful logins are known of services whose jail says what they look like, and of this dashboard. What real bans kept away is not in history, so an address that was banned may have come more often than is counted here. Bans that grow with each offence and prefixes of IPv6 are not taken in."}',
  'POST /api/v1/unban':
    '{"ips":["203.0.113.9","198.51.100.0/24"],"orders":[{"id":"8882cd36-4644-4a93-9fa6-98b64ec9b17e","node":"pve1","ip":"","state":"sent"},{"id":"7bc87d8d-fc7d-4bf0-ad8e-e3b8c5ce58f9","node":"pve3","ip":"","state":"sent"}],"bans":1}',
  'PUT /api/v1/account/totp': '{"codes":["4f6k-9wq2-m7xd","p3hz-0v8r-c5tn"]}',
  'PUT /api/v1/groups/:group':
    '{"revision":1,"nodes":[{"node":"pve1","state":"pending"},{"node":"pve3","state":"pending"}]}',
  'PUT /api/v1/groups/:group/jails/:jail/settings':
    '{"revision":2,"nodes":[{"node":"pve1","state":"pending"}]}',
  'PUT /api/v1/jails/:jail/settings': '{"revision":3,"nodes":[{"node":"pve1","state":"pending"}]}',
  'PUT /api/v1/nodes/:node/jails/:jail/settings':
    '{"revision":4,"nodes":[{"node":"pve1","state":"pending"}]}',
  'PUT /api/v1/notifications/channels/:id':
    '{"id":1,"kind":"ntfy","name":"ops","enabled":false,"settings":{"server":"https://ntfy.example","topic":"warder"},"secrets":["token"],"goesTo":"warder on ntfy.example","last":null}',
  'PUT /api/v1/notifications/rules/:id':
    '{"enabled":true,"topics":["node-lost","disk-low"],"severity":"warning","jails":[],"nodes":[],"channels":[1],"pace":"hourly","dailyAt":"08:00","quiet":{"from":"22:00","to":"06:00","critical":true},"zone":"Europe/Berlin","id":1}',
  'PUT /api/v1/notifications/silence':
    '{"silence":{"from":1795176000000,"until":1795179600000,"by":"ada","critical":false},"held":[]}',
  'PUT /api/v1/settings':
    '{"revision":5,"nodes":[{"node":"pve1","state":"pending"},{"node":"pve3","state":"pending"}]}',
  'PUT /api/v1/tuning':
    '{"revision":10,"nodes":[{"node":"pve1","state":"pending"},{"node":"pve3","state":"pending"}]}',
  'PUT /api/v1/tuning/clusters/:cluster':
    '{"revision":7,"nodes":[{"node":"pve1","state":"pending"},{"node":"pve3","state":"pending"}]}',
  'PUT /api/v1/tuning/fleet':
    '{"revision":6,"nodes":[{"node":"pve1","state":"pending"},{"node":"pve3","state":"pending"}]}',
  'PUT /api/v1/tuning/groups/:group':
    '{"revision":8,"nodes":[{"node":"pve1","state":"pending"},{"node":"pve3","state":"pending"}]}',
  'PUT /api/v1/tuning/nodes/:node': '{"revision":9,"nodes":[{"node":"pve1","state":"pending"}]}',
  'DELETE /api/v1/deploys/:id':
    '{"id":"dcf2a9a0-4d0c-4b2a-9f43-0f5b3f0c2b11","kind":"install","host":"192.0.2.12","user":"root","state":"cancelled","isCancelling":false,"startedAt":1795176000000,"endedAt":1795176004000,"node":null,"problem":{"code":"cancelled","message":"It was cancelled.","remedy":"Begin again when you want it."},"steps":[{"step":"connect","state":"done","ms":212,"output":""},{"step":"look","state":"done","ms":540,"output":""},{"step":"upload","state":"failed","ms":null,"output":"10 % of 38.0 MiB\\n20 % of 38.0 MiB\\n"},{"step":"install","state":"waiting","ms":null,"output":""},{"step":"enrol","state":"waiting","ms":null,"output":""},{"step":"start","state":"waiting","ms":null,"output":""},{"step":"verify","state":"waiting","ms":null,"output":""}],"rollback":null}',
  'GET /api/v1/deploys':
    '[{"id":"dcf2a9a0-4d0c-4b2a-9f43-0f5b3f0c2b11","kind":"install","host":"192.0.2.12","user":"root","state":"running","isCancelling":false,"startedAt":1795176000000,"endedAt":null,"node":null,"problem":null,"steps":[{"step":"connect","state":"done","ms":212,"output":""},{"step":"look","state":"done","ms":540,"output":""},{"step":"upload","state":"running","ms":null,"output":"10 % of 38.0 MiB\\n20 % of 38.0 MiB\\n"},{"step":"install","state":"waiting","ms":null,"output":""},{"step":"enrol","state":"waiting","ms":null,"output":""},{"step":"start","state":"waiting","ms":null,"output":""},{"step":"verify","state":"waiting","ms":null,"output":""}],"rollback":null}]',
  'GET /api/v1/deploys/offer':
    '{"package":{"version":"0.1.0","architecture":"amd64","bytes":39845888},"sshAgent":{"usable":false,"why":"This server has no ssh-agent: it was started without SSH_AUTH_SOCK. Start it from a session with an ssh-agent, or set SSH_AUTH_SOCK for its unit. Or use a password or a key."},"outdated":["pve3"],"cluster":{"name":"lab","why":null,"members":[{"name":"pve1","address":"192.0.2.11","isOnline":true,"isHere":true,"node":"pve1"},{"name":"pve2","address":"192.0.2.12","isOnline":true,"isHere":false,"node":null}]}}',
  'GET /api/v1/deploys/:id':
    '{"id":"dcf2a9a0-4d0c-4b2a-9f43-0f5b3f0c2b11","kind":"install","host":"192.0.2.12","user":"root","state":"running","isCancelling":false,"startedAt":1795176000000,"endedAt":null,"node":null,"problem":null,"steps":[{"step":"connect","state":"done","ms":212,"output":""},{"step":"look","state":"done","ms":540,"output":""},{"step":"upload","state":"running","ms":null,"output":"10 % of 38.0 MiB\\n20 % of 38.0 MiB\\n"},{"step":"install","state":"waiting","ms":null,"output":""},{"step":"enrol","state":"waiting","ms":null,"output":""},{"step":"start","state":"waiting","ms":null,"output":""},{"step":"verify","state":"waiting","ms":null,"output":""}],"rollback":null}',
  'GET /api/v1/insights':
    '{"from":1795172400000,"to":1795176000000,"failures":84,"bans":3,"nodes":[{"name":"pve1","failures":84,"bans":3}],"jails":[{"name":"sshd","failures":84,"bans":3}],"wide":{"from":1795172400000,"to":1795176000000},"countries":[{"name":"","failures":84,"bans":3}],"addresses":[{"ip":"203.0.113.9","failures":61,"bans":1,"place":null}],"networks":{"rows":[],"of":3},"users":{"rows":[{"name":"root","failures":70}],"of":84}}',
  'POST /api/v1/deploys':
    '{"id":"dcf2a9a0-4d0c-4b2a-9f43-0f5b3f0c2b11","kind":"install","host":"192.0.2.12","user":"root","state":"running","isCancelling":false,"startedAt":1795176000000,"endedAt":null,"node":null,"problem":null,"steps":[{"step":"connect","state":"done","ms":212,"output":""},{"step":"look","state":"done","ms":540,"output":""},{"step":"upload","state":"running","ms":null,"output":"10 % of 38.0 MiB\\n20 % of 38.0 MiB\\n"},{"step":"install","state":"waiting","ms":null,"output":""},{"step":"enrol","state":"waiting","ms":null,"output":""},{"step":"start","state":"waiting","ms":null,"output":""},{"step":"verify","state":"waiting","ms":null,"output":""}],"rollback":null}',
  'POST /api/v1/deploys/host-key':
    '{"fingerprint":"SHA256:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg","algorithm":"ssh-ed25519","known":"same","knownFrom":"/etc/pve/nodes/pve2/ssh_known_hosts"}',
}
