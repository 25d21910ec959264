#!/usr/bin/env perl
# Reproducers of faults that were mended: altered recordings and captures, in a folder that is not part of this tree.
#
#       CASES=FOLDER prove tools/test/slow/cases.t      FOLDER has check/*.rtrace and import/*.strace
#
# Each file of the folder is judged, and each must be in the tables below.
use strict;
use warnings;
use File::Basename qw(basename);
use File::Temp qw(tempdir);
use Test::More;

my $build = $ENV{BUILD} // 'build';
my $cases = $ENV{CASES} // '../shared/data/cases';
plan skip_all => "no cases in $cases: CASES=FOLDER says where they are" unless -d "$cases/check";
my $folder = tempdir(CLEANUP => 1);

# What check says of each recording, and its exit status.
my %check = (
        'crash-tree-created-0-after-loss' => [ 1, qr/events missing; unknown from there/ ],
        'drop-counter-forged' => [ 1, qr/the counter of dropped events goes back/ ],
        'every-visit-gone' => [ 1, qr/the operation visits nothing/ ],
        'first-number-wraps' => [ 1, qr/events missing; unknown from there/ ],
        'frame-sent-twice' => [ 0, qr/^check: passed/ ],
        'header-piece-sent-twice' => [ 0, qr/^check: passed/ ],
        'keyframe-end-vanishes' => [ 1, qr/the keyframe that began with event 105 is not complete/ ],
        'keyframe-spaces-count' => [ 1, qr/said that it would show 2 spaces, but shows 1 space/ ],
        'kmalloc-freed-unknown' => [ 1, qr/block 0x\w+ is freed, but is not allocated/ ],
        'lock-class-changes' => [ 1, qr/is of class test, but was of class/ ],
        'old-base-wrong' => [ 1, qr/region 18 is said to have been 0x78000/ ],
        'page-fault-no-region' => [ 1, qr/names region 9999, which is not in the tree/ ],
        'script-end-operations' => [ 1, qr/the script ended with 60 operations, but it had 59 lines/ ],
        'space-begin-vanishes' => [ 1, qr/its cause is operation 16 on space 2, but none is in progress/ ],
        'space-end-vanishes' => [ 1, qr/operation 17 on space 2 begins, but operation 16 has not ended/ ],
        'system-call-end-other-call' => [ 1, qr/ends the system call wait, but is in exec/ ],
        'time-goes-back-1-cpu' => [ 1, qr/the time of cpu 0 goes back/ ],
        'time-goes-back-4-cpus' => [ 1, qr/the time of cpu 1 goes back at its event 8/ ],
        'visit-of-no-region' => [ 1, qr/region 9999 is visited, but is not in tree 2/ ],
        'visit-wrong-decision' => [ 1, qr/the visit of region 9/ ],
);

# What import makes of each capture: its exit status, what is said or written, and what must not be.
my %import = (
        '01-deleted-file' => [ 0, qr/map pool 64K rw- near 0x7f1200000000.*unmap 0x7f1200000000 64K/s ],
        '02-munmap-of-nothing-low' => [ 0, qr/1 call left out.*map anon1 8K.*unmap 0x7f1200000000 8K/s ],
        '03-exec-by-a-thread' => [ 0, qr/map heap 132K rw- at 0x550000200000/, qr/^unmap/m ],
        '04-main-thread-gets-a-name-then-execs' => [ 0, qr/resize 0x550000200000 196K/, qr/^unmap/m ],
        '05-old-mmap' => [ 0, qr/map file1 64K r-x near 0xb7e00000/ ],
        '06-fork-not-traced' => [ 0, qr/thread 902 comes from nowhere/, qr/resize \S+ 1T/ ],
        '07-process-attached-old-style' => [ 0, qr/unmap 0x7f1200000000 4K/ ],
        '08-pids-with-names' => [ 0, qr/unmap 0x7f1200000000 4K/ ],
        '09-summary-at-the-end' => [ 0, qr/map anon1 8K/ ],
        '10-read-dump' => [ 0, qr/map anon1 8K/ ],
        '11-quoted-mail' => [ 0, qr/2 memory calls read.*unmap 0x7f1200000000 4K/s ],
        '13-mremap-keeps-a-hole' => [ 0, qr/unmap 0x7f1200003000 4K/, qr/0x7f1200001000 .*mremap/ ],
        '14-mprotect-enomem-prefix' => [ 0, qr/protect 0x7f1200000000 8K r--/ ],
        '15-seconds-only' => [ 0, qr/map anon1 8K.*unmap 0x7f1200000000 4K/s ],
        '16-sign-extended-i386' => [ 0, qr/map anon1 8K rw- near 0xf7715000/ ],
        '17-growsdown' => [ 0, qr/protect 0x7f1200000000 64K rwx/ ],
        '19-no-memory-calls' => [ 1, qr/there are no memory calls in it/ ],
        '21-shmat' => [ 0, qr/map shm 1M.*unmap 0x7f1200000000 1M/s ],
        '22-program-output-between' => [ 0, qr/1 line left out.*unmap 0x7f1200000000 4K/s ],
);

sub judge {
        my ($name, $right, $status, $said) = @_;
        my ($expected, $words, $wrong) = @$right;
        is $status, $expected, "$name: the exit status";
        like $said, $words, "$name: what is said or written";
        unlike $said, $wrong, "$name: and what is not" if $wrong;
}

for my $path (glob "$cases/check/*.rtrace") {
        my $name = basename($path, '.rtrace');
        my $said = qx('$build/regiontrace' check --all 9 '$path' 2>&1);
        ok $check{$name}, "check/$name is in the table" or next;
        judge("check/$name", delete $check{$name}, $? >> 8, $said);
}
is_deeply [ keys %check ], [], 'every recording of the table is there';

for my $path (glob "$cases/import/*.strace") {
        my $name = basename($path, '.strace');
        my $said = qx('$build/regiontrace' import '$path' -o $folder/script.ops 2>&1);
        my $status = $? >> 8;
        ok $import{$name}, "import/$name is in the table" or next;
        $said .= qx(cat $folder/script.ops 2> /dev/null);
        unlink "$folder/script.ops";
        judge("import/$name", delete $import{$name}, $status, $said);
}
is_deeply [ keys %import ], [], 'every capture of the table is there';

done_testing;
