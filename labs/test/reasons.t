#!/usr/bin/env perl
# The three reasons to delete the range allocator are each seen on the kernel of step 3a, by the commands of the
# handouts of lab 3; and in step 3b they are gone.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__);
use Trees qw(tree);

my $top = abs_path(dirname(__FILE__) . '/../..');
my $build = abs_path($ENV{BUILD} // 'build');
my $make = $ENV{MAKE} // 'make';
my $folder = tempdir(CLEANUP => 1);
chdir $top or die "$top: $!";

sub run { my ($command) = @_; my $said = `$command 2>&1`; return { said => $said, status => $? >> 8 } }

sub record {
        my ($tree, $name) = @_;
        return run("'$build/regiontrace' record --kernel '$tree/build/kernel/understory.elf' --initrd " .
                "'$tree/build/initrd.cpio' "
                   . "--exec spawn:1 --append trace=+lock -o $folder/$name.rtrace");
}

# Runs a script of the handouts on the host, with the code of a step; yields the answer to each line, by its number.
sub answers {
        my ($tree, $script) = @_;
        my $run = run("'$tree/build/host/run_script' labs/3-errors/pictures/$script.ops -o $folder/$script.rtrace");
        return { $run->{said} =~ /^ *(\d+)  .*: (\S+)$/mg };
}

sub picture { my ($name, $at) = @_; return run("'$build/regionviz' tree $folder/$name.rtrace --at $at --text")->{said} }

sub check { my ($name) = @_; return run("'$build/regiontrace' check $folder/$name.rtrace") }

my %tree = map { my ($step, $variant) = @$_; ("$step $variant" => tree($step, $variant)) }
        ['3a', 'starter'], ['3a', 'solution'], ['3b', 'solution'], ['3a', 'cycle'];

# --- 1: a cycle of two locks, as soon as kernel memory has an allocator, too

my $patch = 'labs/3-errors/pictures/kernel-allocator.patch';
is run("patch -s -p1 -d '$tree{'3a cycle'}' < $patch && '$make' --no-print-directory -C '$tree{'3a cycle'}' " .
        "BUILD=build kernel")->{status}, 0,
        'kernel memory gets a range allocator';
my $run = record($tree{'3a cycle'}, 'cycle');
is $run->{status}, 1, '... and the kernel does not boot';
like $run->{said}, qr/PANIC: lock order: "kmalloc" is wanted while "kernel_memory" is held/,
        '... the order of locks is violated';
like $run->{said}, qr/before, "kernel_memory" was wanted while "kmalloc" was held:.*heap_grow/s,
        '... which was the other way round before';
my $locks = run("'$build/regionviz' locks $folder/cycle.rtrace --text")->{said};
like $locks, qr/kmalloc +before +kernel_memory/, 'regionviz locks: one way';
like $locks, qr/a lock of class kmalloc is wanted while one of class kernel_memory is held/, '... and the other';
is run("'$build/regiontrace' perfetto $folder/cycle.rtrace -o $folder/cycle.pftrace; grep -aq 'lock order: " .
        "\"kmalloc\"' $folder/cycle.pftrace")->{status}, 0,
        'it is on the timeline';

is record($tree{'3a solution'}, 'none')->{status}, 0, 'without that allocator the kernel of 3a boots';
is record($tree{'3b solution'}, 'none')->{status}, 0, 'that of 3b, whose kernel memory is placed like any other, too';
$locks = run("'$build/regionviz' locks $folder/none.rtrace --text")->{said};
like $locks, qr/kmalloc +before +kernel_memory/, '... the heap still grows under the lock of kmalloc';
unlike $locks, qr/range_allocator|kernel_memory +before +kmalloc|is wanted while/, '... and nothing closes the cycle';

# --- 2: the two authorities part after a split

my ($event) = do { is answers($tree{'3a starter'}, 'split')->{6}, 'done',
        'a cut that the allocator cannot note: the starter of 3a says done'; check('split')->{said} }
        =~ /event (\d+) .*two authorities: since this operation no region is at 0x16000 to 0x18000, but the allocator does not have it free/;
is $event, 103, '... and from the event that split.svg shows on the two disagree';
like picture('split', 103), qr/two authorities: in no region, but not free for the allocator/,
        '... which the picture marks';
unlike picture('split', 102), qr/two authorities/, '... and not before, while the operation is in progress';
is answers($tree{'3a solution'}, 'split')->{6}, 'no_memory', 'the solution says that it failed';
is check('split')->{status}, 0, '... and the two agree';
is answers($tree{'3b solution'}, 'split')->{6}, 'done', 'with one record it works';
is check('split')->{status}, 0, '... and there is nothing to disagree with';

# --- 3: freeing fails for want of memory

my $said = answers($tree{'3a solution'}, 'free');
is "$said->{6} $said->{7}", 'done overlap', 'addresses freed without memory are lost: the solution of 3a';
($event) = check('free')->{said} =~ /event (\d+) .*two authorities: since this operation no region is at 0x14000 to 0x1a000/;
is $event, 95, '... from the event that free.svg shows on';
like picture('free', 95), qr/two authorities: in no region, but not free for the allocator/,
        '... which the picture marks';
$said = answers($tree{'3b solution'}, 'free');
is "$said->{6} $said->{7}", 'done 0x14000', 'with one record freeing needs no memory';
is check('free')->{status}, 0, '... and the place is free again';

done_testing;
