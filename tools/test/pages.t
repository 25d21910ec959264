#!/usr/bin/env perl
# What README.md and the pages of docs/ tell to type, typed, in a folder of its own; and what they say that can be
# counted, counted. The examples in docs/regiontrace.md that show their output are tools/trace/test/documents.t's.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Glob qw(bsd_glob);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;

my $build = abs_path($ENV{BUILD} // 'build');
my $top = abs_path(dirname(__FILE__) . '/../..');
my $folder = tempdir(CLEANUP => 1);

# A build folder as `make` leaves it, in which nothing has been recorded.
make_path("$folder/build", "$folder/kernel/user/workloads");
for my $made (qw(kernel initrd.cpio regiontrace regionviz user host workloads)) {
        symlink "$build/$made", "$folder/build/$made" or die "$made: $!";
}
symlink "$top/$_", "$folder/$_" or die "$_: $!" for qw(tools kernel/user/workloads/teaching.ops);

# Commands that are not typed here: they need a terminal, install something, or take long. Why, and what tests them.
my @elsewhere = (
        [ qr/^tools\/setup (demo|test)$/, 'installs packages: setup.t' ],
        [ qr/^make run\b/, 'needs a terminal: kernel/test/shell.t, run.t' ],
        [ qr/^make live\b|^build\/regionviz live /, 'needs a terminal: tools/viz/test/live.t' ],
        [ qr/^make gdb\b|^gdb /, 'waits for a debugger: gdb.t' ],
        [ qr/^make fuzz\b/, 'takes minutes: tools/test/slow/fuzz.t' ],
        [ qr/^make soak\b/, 'takes minutes: kernel/test/schedules.t' ],
        [ qr/build\/steps\/2a\/solution|build\/try/,
          'is one example from its first line to its last: labs/test/teaching.t' ],
        [ qr/build\/steps\/0\/solution/, 'builds a kernel of its own, and needs a terminal: labs/test/list.t' ],
        [ qr/^build\/grade --step 0 /, 'needs a submission: labs/test/watch.t' ],
        [ qr/^trace_processor /, 'is a program of its own: tools/trace/test/perfetto.t' ],
);

sub run {
        my ($command) = @_;
        my $said = `cd '$folder' && $command 2>&1 < /dev/null`;
        return ($? >> 8, $said);
}

sub is_fine {
        my ($command) = @_;
        my ($status, $said) = run($command);
        is $status, 0, $command or diag $said;
        return $said;
}

sub page {
        my ($path) = @_;
        open my $file, '<', "$top/$path" or die "$path: $!";
        local $/;
        return scalar <$file>;
}

# What a page tells to type: indented lines that begin with a command, without the pager, which is for a terminal, and
# without what is said beside the command. Lines after a `$' show their output.
sub commands {
        my ($path) = @_;
        my @commands;

        for (split /\n/, page($path)) {
                /^    ((?:build\/|tools\/|make |printf (?=.* make run)|strace |gdb |trace_processor ).*)/ or next;
                push @commands, $1 =~ s/\s{3,}.*| +# .*//r =~ s/ \| less$//r;
        }
        return @commands;
}

# make works at the top, and with the build folder of this test, as it was given: no path of make's has a blank in it.
# In that folder `make run` records; so the machine is run without make where a page types into it.
my $make = "env -u MAKEFLAGS -u MAKELEVEL make -C '$top'" . ($ENV{BUILD} ? " BUILD='$ENV{BUILD}'" : '');
sub type {
        my ($command) = @_;
        return is_fine($command =~ s/^make /$make /r =~ s/\| make run$/| tools\/run build 1 exec=init:once/r);
}

my @pages = ('README.md', map { "docs/" . basename($_) } sort(bsd_glob("$top/docs/*.md")));
my (%said, $typed);
is_fine("'$top/tools/demo' build");
is_fine('build/regiontrace record --run python3.ops -o run.rtrace');
for my $page (@pages) {
        for my $command (commands($page)) {
                next if grep { $command =~ $_->[0] } @elsewhere;
                SKIP: {
                        skip 'strace is not installed', 1
                                if $command =~ /^strace / && system 'command -v strace > /dev/null';
                        $said{$command} = type($command);
                        $typed++;
                }
        }
}
cmp_ok $typed, '>=', 10, "the pages tell to type $typed commands";
is_fine('build/regiontrace import kernel/user/workloads/mine.strace') if -e "$folder/kernel/user/workloads/mine.strace";

# What is named within a sentence to be made can be made. Not tried: recipes that call make, which a dry run would run,
# and what is in lab 0's archive alone (labs/test/watch.t).
my %tried;
for my $page (@pages) {
        for my $target (page($page) =~ /`make ([a-z][\w\/.-]*)/g) {
                next if defined $said{"make $target"} || $tried{$target}++;
                next if $target =~ /^(?:fuzz|docs-pictures|lab-mistakes|bench|bench-stages|record)$/;
                is system("$make --dry-run $target EXEC=maps > '$folder/log' 2>&1"), 0,
                        "$page: make $target can be made";
        }
}

my ($then) = grep { /^build\/regionviz tree .* --at 2000 / } sort keys %said;
like $said{$then // ''}, qr/ tree \d+ \(python3\.ops\) at event 2,000, /,
        'the tree drawn is the busiest of those there are by then';
like is_fine('build/regionviz tree build/demo/run.rtrace -o now.svg'), qr/ \(churn\) at event /,
        'at the end it is another';

# --- what is said, and so ------------------------------------------------------------------------------------

my $tour = page('docs/kernel.md');
my $readme = page('README.md');
my $manual = page('docs/system-calls.md');

sub listed {
        my ($text, $list) = @_;
        my ($body) = $text =~ /^#define $list\(X\)(.*?[^\\])\n\n/ms;
        return $body =~ /X\(\w+, (\w+)/g;
}

# README says as much as setup does of what is downloaded.
my $setup = page('tools/setup');
my @amounts = $setup =~ /"about (\d+) MB and takes (\d+) MB of disk/g;
is scalar(@amounts), 4, 'setup gives the amounts for the demo and for the tests';
like $readme, qr/about $amounts[2] MB, takes $amounts[3] MB.*about $amounts[0] MB and $amounts[1] MB/s,
        'README gives the same';

# Every call has its row in the manual, in order, and nothing else has one.
my @calls = listed(page('kernel/lib/vocabulary/system_call.h'), 'SYSTEM_CALLS');
is_deeply [ $manual =~ /^\| \d+ \| `(\w+)` \|/mg ], \@calls, 'the manual has a row for each system call, in order';
is_deeply [ $manual =~ /^\| (\d+) \| `/mg ], [ 0 .. $#calls ], 'with its number';
is_deeply [ sort(page('kernel/user/storm.c') =~ /^ +\[SYSTEM_(\w+)\] = /mg) ], [ sort map { uc } @calls ],
        'and a storm makes each';

# The ways out of a page fault, each in the tour.
my ($faults) = $tour =~ /^## 11\. A page fault\n(.*?)^## /ms;
for my $verdict (listed(page('kernel/lib/vocabulary/address_space.h'), 'FAULT_VERDICTS')) {
        like $faults, qr/^\|.*`$verdict`.*\|/m, "the tour has the verdict $verdict of a page fault";
}

# What step 10 shows of the way down is in the recording that it tells to make.
my ($way_down) = $tour =~ /^## 10\..*?\n\n(    system_call_begin.*?)\n\n/ms;
my $seen = is_fine('build/regiontrace dump mmap.rtrace');
for (split /\n/, $way_down) {
        my ($events, $word) = /^ +([a-z_]+(?:, [a-z_]+)*)(?: +([a-z_]+)  )?/;
        $word //= '';
        like $seen, qr/ $_ +.*=?$word/m, "the recording has $_ $word" for split /, /, $events;
}
done_testing;
