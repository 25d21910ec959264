#!/usr/bin/env perl
# Random programs, captured by strace and imported: what the kernel's own code has mapped after the script must be what
# Linux said in /proc/self/maps, page for page. COUNT says how many programs (250), SEED with which number to begin.
use strict;
use warnings;
no warnings qw(portable);      # addresses have more than 32 bits
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__) . '/../../trace/test';
use LinuxSpace qw(recorded_ranges);

my $build = $ENV{BUILD} // 'build';
my $compiler = $ENV{CC} // 'gcc';
my ($count, $first) = ($ENV{COUNT} // 250, $ENV{SEED} // 1);
my $folder = tempdir(CLEANUP => 1);
my $program = "$folder/random_memory";

plan skip_all => 'strace is not installed (apt-get install strace)' if system('strace -V > /dev/null 2>&1');
system($compiler, '-O1', '-static', '-o', $program, dirname(__FILE__) . '/random_memory.c') == 0 or die "no program\n";

# Page numbers and their protections.
sub pages {
        my ($of, $base, $end, $protection) = @_;
        $of->{$_} = $protection for $base / 4096 .. $end / 4096 - 1;
}

sub pages_of_maps {
        my ($path) = @_;
        my %of;
        open my $file, '<', $path or die "$path: $!\n";
        while (<$file>) {
                my ($base, $end, $protection) = /^([0-9a-f]+)-([0-9a-f]+) (...)/ or die;
                pages(\%of, hex $base, hex $end, $protection) if length $base < 16;
        }
        return \%of;
}

# What differs, in words; nothing if nothing does. Pages that the program was born with and never called for are not in
# a capture; the stack of the script is invented.
sub difference {
        my ($before, $after, $script) = @_;
        for my $page (sort { $a <=> $b } keys %$after) {
                my $is = $script->{$page} // (($before->{$page} // '') eq $after->{$page} ? next : 'not mapped');
                return sprintf '%x is %s, on Linux %s', 4096 * $page, $is, $after->{$page} if $is ne $after->{$page};
        }
        for my $page (sort { $a <=> $b } keys %$script) {
                return sprintf '%x is %s, on Linux not mapped', 4096 * $page, $script->{$page}
                        unless $after->{$page} || ($page >= 0x7ffffffde && $page < 0x7ffffffff);
        }
        return;
}

my @wrong;
for my $seed ($first .. $first + $count - 1) {
        my %path = map { $_ => "$folder/$_" } qw(strace before after ops rtrace said);
        my $traced = "$program $seed $path{before} $path{after}";
        system("strace -f -e trace=memory,process,shmget,shmat,shmdt -o $path{strace} $traced") == 0
                or die "strace failed\n";
        my $status = system("$build/regiontrace import --strict $path{strace} -o $path{ops} 2> $path{said}") ||
                     system("$build/host/run_script $path{ops} -o $path{rtrace} > $path{said} 2>&1");
        my %script;
        unless ($status) {
                /^(\w+)-(\w+) (...)/ and pages(\%script, hex $1, hex $2, $3)
                        for recorded_ranges("$build/regiontrace", $path{rtrace});
        }
        my $difference = $status ? `tail -n 3 $path{said}` :
                         difference(pages_of_maps($path{before}), pages_of_maps($path{after}), \%script);
        next unless defined $difference;
        push @wrong, $seed;
        diag "SEED=$seed COUNT=1: $difference";
        system("mkdir -p $ENV{KEEP}; cp $path{strace} $ENV{KEEP}/$seed.strace; cp $path{ops} $ENV{KEEP}/$seed.ops")
                if $ENV{KEEP};
}
is scalar @wrong, 0, "$count random programs end with the ranges and protections that they had on Linux";
done_testing;
