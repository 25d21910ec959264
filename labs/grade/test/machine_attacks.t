#!/usr/bin/env perl
# Submissions that behave on the host and misbehave in the kernel, and a tree whose building hurts: each scores as it
# should, with a message, and nothing is left behind.
use strict;
use warnings;
use File::Basename qw(dirname);
use Test::More;
use lib dirname(__FILE__);
use Grading qw($build $folder tree slurp spew submission grade);

my $tree = tree('2a', 'solution');
my $path = 'kernel/mm/hole_search.c';
my $right = slurp("$tree/$path");

# The right file, but what is given is done at the start of a search in the kernel only: there are no sanitizers there.
sub in_kernel {
        my ($code) = @_;
        my $headers = join '', map { "#include \"$_.h\"\n" } qw(lib/printf lib/string mm/layout);
        return ($path => $headers .
                $right =~ s/(\buintptr_t hole = tree->range\.base;)/$1\n#ifndef __SANITIZE_ADDRESS__\n$code\n#endif/r);
}

sub attack {
        my ($name, $code, $outcome, $words) = @_;
        my $run = grade($tree, submission(in_kernel($code)), '--case', 'exact-fit');
        my $case = $run->{json} && $run->{json}{cases}[0];
        like $case && $case->{outcome}, $outcome, "$name: scores nothing" or diag $run->{said};
        like $run->{said}, $words, "$name: with a message";
        is $run->{status}, 1, "$name: the grader itself did its work";
        return $run;
}

my $run = attack('a panic', '*(volatile int *)8 = 1;', qr/^crashed$/,
        qr/the kernel panicked: page fault: tried to write 0x8/);
like $run->{said}, qr/operation: map a 8K rw- anywhere.*your file: hole_search kernel\/mm\/hole_search\.c:\d+\n.*called by: /s,
        'a panic: names the operation, and the student\'s line first';
$run = attack('a hang with interrupts off', 'for (volatile unsigned i = 0; ; i++);', qr/^hung$/,
        qr/it hangs: nothing came from it/);
like $run->{said}, qr/operation: map a 8K rw- anywhere.*your file: hole_search kernel\/mm\/hole_search\.c:\d+\n/s,
        'a hang: names the operation, the function and the line';
# The page tables lie behind the kernel, in frames that are mapped for writing.
attack('a triple fault',
        'for (uintptr_t at = DIRECT_MAP_BASE + (6 << 20); at < DIRECT_MAP_BASE + (100 << 20); at += 8) *(volatile ' .
                'uint64_t *)at = 0;',
        qr/^crashed$/, qr/found: +QEMU's exit status is 0: the machine reset itself, most likely by a triple fault$/m);
attack('a stack without end',
        'volatile char much[1 << 16]; for (unsigned i = 0; i < sizeof much; i += 512) much[sizeof much - 1 - i] = 1;',
        qr/^crashed$/, qr/the kernel panicked: /);
attack('printing that it passed', 'kprintf("\nverdict: passed\n[END] passed\n"); return false;', qr/^wrong$/,
        qr/the answer was no_memory, but 8 KiB fit/);
attack('printing without end', 'for (;;) kprintf("%4096s", "passed");', qr/^hung$/, qr/found: +it hangs: /);
attack('a recording without end', 'for (;;) tell_visit(tree, NULL, TOO_SMALL);', qr/^wrong$/,
        qr/emits more than can be judged|the answer|the visit/);
attack('the end of the run forged, then a hang',
        'trace_end(1, 0, VERDICT_PASSED); for (volatile unsigned i = 0; ; i++);',
        qr/^wrong$/, qr/found: +event \d+: the run passed, but its script has not ended/);
attack('a script line forged', 'trace_script_line(3);', qr/^wrong$/,
        qr/found: +line 3 has no keyframe of memory behind it/);
attack('regions hidden from the keyframe',
        'struct region *first = (struct region *)(uintptr_t)region_tree_first(tree); if (first) first->base += ' .
                'PAGE_SIZE;',
        qr/^wrong$/, qr/found: .*changed unseen: in memory its base is 0x11000, but by the events it is 0x10000/);

# --- events left out

$run = grade($tree, submission($path => $right =~ s/tell_visit\(tree, above, TAKEN\);//r), '--case', 'exact-fit');
is $run->{json}{cases}[0]{outcome}, 'wrong', 'a visit left out: wrong' or diag $run->{said};

# --- building

# A tree whose build does this in place of compiling: as if a compiler could be made to.
sub hostile_build {
        my ($name, $script, $words) = @_;
        my $copy = "$folder/hostile";
        system("rm -rf '$copy' && mkdir '$copy' && cp -a '$tree/.' '$copy' && chmod -R a+rX '$copy'") == 0 or die;
        spew("$copy/labs/grade/build", "#!/bin/sh\n$script\n");
        my $run = grade($copy, submission($path => $right), '--case', 'exact-fit');
        like $run->{said}, $words, "$name: ended, with a message";
        is $run->{json} ? $run->{json}{score} : 0, 0, "$name: no points";
        return $run;
}

# Those that still run after a moment: a sandbox takes its processes with it, but not at once.
sub processes_like {
        my ($word) = @_;
        my $left = 1;
        for (1 .. 100) {
                $left = grep { slurp($_) =~ /\Q$word\E/ } glob '/proc/[0-9]*/cmdline' or last;
                select undef, undef, undef, 0.1;
        }
        return $left;
}
hostile_build('a fork bomb', 'f() { sleep 1236 & f & f & sleep 1236; }; f; sleep 1236',
        qr/Building took longer than a minute and was stopped|building failed/);
is processes_like("sleep\0" . '1236'), 0, 'a fork bomb: none of its processes is left';
hostile_build('processes that stay behind', 'for i in 1 2 3; do setsid sleep 1237 & done; exit 4', qr/It is refused/);
is processes_like("sleep\0" . '1237'), 0, 'processes that stay behind: none is left';
hostile_build('more processes than allowed', 'i=0; while [ $i -lt 400 ]; do sleep 1238 & i=$((i + 1)); done; exit 4',
        qr/It is refused|[Cc]annot fork|building failed/);
is processes_like("sleep\0" . '1238'), 0, 'more processes than allowed: none is left';
$run = hostile_build('an output without end', 'cat /dev/zero; exit 4', qr/It is refused|building failed/);
cmp_ok -s "$run->{report}/work/run/build.txt", '<=', 64 << 20, 'an output without end: cut at 64 MiB';
hostile_build('a file without end', 'cat /dev/zero > build/large; exit 4', qr/It is refused|building failed/);
cmp_ok -s "$run->{report}/work/tree/build/large", '<=', 64 << 20, 'a file without end: cut at 64 MiB';
hostile_build('writing elsewhere', "touch '$tree/written' '$folder/written' /tmp/written-by-a-build; exit 4",
        qr/It is refused/);
ok !-e "$tree/written" && !-e "$folder/written", 'writing elsewhere: nothing is written';

# --- what runs after it: as if a submission could start programs

sub hostile_runner {
        my ($script) = @_;
        hostile_build('a hostile program',
                "printf '%s\n' '#!/bin/sh' '$script' > build/host/grade_runner; chmod 755 build/host/grade_runner; " .
                        "exit 0", qr/found: +there is no recording/);
}
my $victim = "$folder/victim";
spew($victim, 'precious');
my $kernel = 'report/work/tree/build/kernel/understory.elf';
hostile_runner('echo changed > tree/build/kernel/understory.elf; echo changed > tree/build/initrd.cpio; mv run moved');
is slurp("$folder/$kernel"), slurp("$tree/build/kernel/understory.elf"),
        'the kernel changed before it boots: it is as it was built';
hostile_runner('mkfifo run/exact-fit-1.rtrace');
hostile_runner("rm -f run/runner.txt; ln -s $victim run/exact-fit-cpus1.txt; ln -s $victim run/exact-fit-1.rtrace");
is slurp($victim), 'precious', 'links left for the grader: not followed';
done_testing;
