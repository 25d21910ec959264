# What a Linux program has mapped when a capture ends, worked out from strace's text alone, page by page. It knows
# nothing of op scripts and shares nothing with `regiontrace import`: it is there to disagree with it.
package LinuxSpace;
use strict;
use warnings;
no warnings qw(portable);      # addresses have more than 32 bits
use Exporter qw(import);
our @EXPORT_OK = qw(linux_ranges recorded_ranges);

my $PAGE = 4096;
my %bits = (PROT_READ => 1, PROT_WRITE => 2, PROT_EXEC => 4);

sub protection {
        my ($words) = @_;
        my $protection = 0;
        $protection |= $bits{$_} // 0 for split /\|/, $words;
        return $protection;
}

# The numbers of the pages that hold a byte of the stretch.
sub pages {
        my ($base, $size) = @_;
        return $base / $PAGE .. ($base + $size + $PAGE - 1) / $PAGE - 1;
}

# Neighbours with the same protection become one: "55eddf54e000-55eddf552000 r--".
sub ranges {
        my ($protection_of) = @_;
        my @ranges;
        for my $page (sort { $a <=> $b } keys %$protection_of) {
                my $protection = $protection_of->{$page};
                if (@ranges && $ranges[-1][1] == $page && $ranges[-1][2] == $protection) {
                        $ranges[-1][1]++;
                } else {
                        push @ranges, [ $page, $page + 1, $protection ];
                }
        }
        return map {
                my ($from, $to, $protection) = @$_;
                my @letters = map { $protection & (1 << $_) ? (qw(r w x))[$_] : '-' } 0 .. 2;
                sprintf '%x-%x %s', $from * $PAGE, $to * $PAGE, join '', @letters;
        } @ranges;
}

# From the text of a capture. A stack, which strace never shows, is taken to be the 33 topmost pages.
sub linux_ranges {
        my ($path) = @_;
        my (%protection_of, $break);

        $protection_of{$_} = 3 for pages(0x7ffffffde000, 33 * $PAGE);
        open my $capture, '<', $path or die "$path: $!\n";
        while (<$capture>) {
                next if /= -1 /;
                if (/^mmap\([^,]+, (\d+), ([A-Z_|]+), .*= (0x[0-9a-f]+)$/) {
                        my ($size, $words, $base) = ($1, $2, hex $3);
                        $protection_of{$_} = protection($words) for pages($base, $size);
                } elsif (/^mprotect\((0x[0-9a-f]+), (\d+), ([A-Z_|]+)\)/) {
                        my ($base, $size, $words) = (hex $1, $2, $3);
                        $protection_of{$_} = protection($words) for pages($base, $size);
                } elsif (/^munmap\((0x[0-9a-f]+), (\d+)\)/) {
                        delete $protection_of{$_} for pages(hex $1, $2);
                } elsif (/^brk\(.*= (0x[0-9a-f]+)$/) {
                        my $now = hex $1;
                        $break //= $now;
                        $protection_of{$_} = 3 for pages($break, $now > $break ? $now - $break : 0);
                        delete $protection_of{$_} for pages($now, $now < $break ? $break - $now : 0);
                        $break = $now;
                } elsif (/^mremap/) {
                        die "$path:$.: no capture had mremap when this was written\n";
                }
        }
        return ranges(\%protection_of);
}

# From the last keyframe of a recording: the tree of the space that a script ran against. `dump` prints JSON lines.
sub recorded_ranges {
        my ($regiontrace, $recording) = @_;
        my ($space, $tree, %protection_of);

        open my $events, '-|', $regiontrace, 'dump', '--json', $recording or die "$regiontrace: $!\n";
        while (<$events>) {
                my ($type) = /"type":"(\w+)"/ or die "no type: $_";
                my ($fields) = /"fields":\{(.*)\}\}/;
                my %field = ($fields // '') =~ /"(\w+)":"?([^",]*)"?/g;
                if ($type eq 'script_begin') {
                        $space = $field{space};
                } elsif ($type eq 'keyframe_begin') {
                        (%protection_of, $tree) = ();
                } elsif ($type eq 'keyframe_space' && defined $space && $field{space} == $space) {
                        $tree = $field{tree};
                } elsif ($type eq 'keyframe_node' && defined $tree && $field{tree} == $tree) {
                        my ($base, $end) = (hex $field{base}, hex $field{end});
                        $protection_of{$_} = $field{protection} for pages($base, $end - $base);
                }
        }
        close $events or die "$regiontrace dump $recording failed\n";
        return ranges(\%protection_of);
}

1;
