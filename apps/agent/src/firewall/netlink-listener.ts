import { TABLE } from './nft-names.ts'

/**
 * What listens to the kernel's own news of the ruleset, for `perl -e`: Node has no sockets of that kind, and perl-base is on every
 * Debian. `nft monitor` tells the same, but remembers every element that it ever saw: 44 MiB with 100,000 of them.
 *
 * It writes `listening` once nothing is missed any more, `lost` when the kernel had to drop messages, and behind each transaction
 * a line `PROCESS 0|1`: who made it, and whether it touched our tables. It ends with its standard input.
 *
 * The messages are those of linux/netfilter/nf_tables.h: a netlink header of 16 bytes, one of nfnetlink of 4 with the family
 * first, then attributes, of which number 1 is the table wherever something is in one. A transaction ends with NEWGEN
 * (0x0a0f), whose attribute 2 is the process. Numbers are of the machine's byte order but for those in attributes.
 */
export const LISTENER = String.raw`
use strict;
$| = 1;
my ($netlink, $raw, $netfilter, $group_of_nftables) = (16, 3, 12, 1 << 6);
socket(my $news, $netlink, $raw, $netfilter) or die;
# SO_RCVBUFFORCE: a large transaction comes as many messages at once.
setsockopt($news, 1, 33, pack('i', 8 << 20));
bind($news, pack('SSLL', $netlink, 0, 0, $group_of_nftables)) or die;
print "listening\n";
my ($sources, $ours) = ('', 0);
vec($sources, $_, 1) = 1 for 0, fileno($news);
while (select(my $ready = $sources, undef, undef, undef)) {
  exit if vec($ready, 0, 1);
  my $read = sysread($news, my $bytes, 1 << 18);
  if (!defined $read) { print "lost\n"; next }
  for (my ($at, $length, $type) = (0); $at < $read; $at += ($length + 3) & ~3) {
    ($length, $type) = unpack('LS', substr($bytes, $at, 6));
    last if $length < 20;
    next if $ours && $type != 0x0a0f;
    my $family = unpack('C', substr($bytes, $at + 16, 1));
    my %value;
    for (my ($from, $size, $name) = ($at + 20); $from < $at + $length; $from += ($size + 3) & ~3) {
      ($size, $name) = unpack('SS', substr($bytes, $from, 4));
      last if $size < 4;
      $value{$name} = substr($bytes, $from + 4, $size - 4);
    }
    if ($type == 0x0a0f) { print unpack('N', $value{2}) || 0, " $ours\n"; $ours = 0 }
    elsif (($family == 1 || $family == 7) && $value{1} eq "${TABLE}\0") { $ours = 1 }
  }
}
`
