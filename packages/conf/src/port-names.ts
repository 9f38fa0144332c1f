const WRITTEN = `
  afpovertcp=548 amqp=5672 amqps=5671 auth=113 bacula-dir=9101 bacula-fd=9102 bacula-sd=9103 bgp=179
  bootps=67 chargen=19 cvspserver=2401 daap=3689 dicom=104 dict=2628 discard=9 distcc=3632 domain=53
  echo=7 epmd=4369 exec=512 finger=79 ftp=21 ftp-data=20 ftps=990 ftps-data=989 gds-db=3050 git=9418
  gopher=70 hkp=11371 http=80 http-alt=8080 https=443 hylafax=4559 iax=4569 ident=113 imap=143
  imap2=143 imap3=220 imaps=993 ipp=631 ipsec-nat-t=4500 ircd=6667 ircs-u=6697 isakmp=500
  iscsi-target=3260 jabber-client=5222 jabber-server=5269 kerberos=88 kpasswd=464 l2tp=1701 ldap=389
  ldaps=636 login=513 lotusnotes=1352 mail=25 mdns=5353 microsoft-ds=445 ms-sql-m=1434 ms-sql-s=1433
  ms-wbt-server=3389 munin=4949 mysql=3306 mysql-proxy=6446 netbios-dgm=138 netbios-ns=137
  netbios-ssn=139 nfs=2049 nicname=43 nntp=119 nntps=563 nrpe=5666 nsca=5667 ntalk=518 ntp=123
  nut=3493 openvpn=1194 pop-3=110 pop3=110 pop3s=995 poppassd=106 portmapper=111 postgres=5432
  postgresql=5432 printer=515 puppet=8140 qotd=17 quote=17 radius=1812 radius-acct=1813 redis=6379
  rmiregistry=1099 rsync=873 rtsp=554 sane=6566 saned=6566 sftp=115 shell=514 sieve=4190 silc=706
  sip=5060 sip-tls=5061 sips=5061 smtp=25 smtps=465 snmp=161 snmp-trap=162 snmptrap=162 socks=1080
  spamd=783 squid=3128 ssh=22 ssmtp=465 submission=587 submissions=465 subversion=3690 sunrpc=111
  suucp=4031 svn=3690 svrloc=427 syslog=514 syslog-tls=6514 systat=11 tacacs=49 talk=517 telnet=23
  telnets=992 tftp=69 time=37 tinc=655 urd=465 uucp=540 vnc-server=5900 webcache=8080 webmin=10000
  whois=43 www=80 x11=6000 xdmcp=177 xfs=7100 xmpp-client=5222 xmpp-server=5269 z3950=210
  zabbix-agent=10050 zabbix-trapper=10051 zope=9673
`

/** Names of services that jails may use for a port, with their registered numbers. */
export const PORT_NAMES: ReadonlyMap<string, number> = new Map(
  WRITTEN.trim()
    .split(/\s+/)
    .map((word): [string, number] => {
      const [name = '', port] = word.split('=')
      return [name, Number(port)]
    }),
)
