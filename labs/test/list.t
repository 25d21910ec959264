#!/usr/bin/env perl
# Step 0's kernel, where the labs begin: regions in a list whose nodes are blocks of memory, a range allocator beside it
# with a lock of its own, a cache of the lookup before. Each is seen in a recording, and a node for which there is no
# memory changes nothing.
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
my $folder = tempdir(CLEANUP => 1);
my $tree = eval { tree('0', 'solution') };
ok $tree, 'step 0 is built' or BAIL_OUT $@;

sub record {
        my ($name, $options, @words) = @_;
        my $said = `'$build/regiontrace' record --kernel '$tree/build/kernel/understory.elf' --initrd '$tree/build/initrd.cpio' $options --append 'seed=1 @words' --deadline 120 -o $folder/$name.rtrace 2>&1`;
        return { status => $? >> 8, said => $said, path => "$folder/$name.rtrace" };
}

sub run_script {
        my ($name, @lines) = @_;
        open my $out, '>', "$folder/$name.ops" or die "$folder/$name.ops: $!";
        print $out "$_\n" for @lines;
        close $out;
        my $said = `'$tree/build/host/run_script' $folder/$name.ops -o $folder/$name.rtrace 2>&1`;
        is $?, 0, "$name: every line has the outcome expected" or diag $said;
        my $checked = `'$build/regiontrace' check $folder/$name.rtrace 2>&1`;
        is $?, 0, "$name: check accepts the recording" or diag $checked;
        return "$folder/$name.rtrace";
}

sub count { my ($path, $event) = @_; return scalar(() = `'$build/regiontrace' dump --event $event $path`) }

# --- programs: what is in the trace, and what is not

my $run = record('spawn', '--exec spawn:2 --cpus 2', 'trace=+lock');
is $run->{status}, 0, 'a program forks and waits on two processors' or diag $run->{said};
cmp_ok count($run->{path}, $_), '>', 0, "... $_" for qw(list_created list_link list_unlink list_visit list_destroyed
        lookup_hit lookup_missed lookup_dropped allocator_created free_range_carved authority_asked);
is count($run->{path}, $_), 0, "... no $_" for qw(tree_created tree_link tree_unlink tree_visit tree_rotate);
my @created = `'$build/regiontrace' dump --event list_created $run->{path}`;
is scalar(grep { !/promises=order/ } @created), 0, '... and each list promises its order';

my $locks = `'$build/regionviz' locks $run->{path} --text`;
like $locks, qr/^\s*range_allocator before\s+kmalloc /m, 'the allocator holds its lock while it asks for memory';
unlike $locks, qr/kernel_memory\s+before\s+kmalloc/, "a node of the kernel's own list is no block of kmalloc's";
like $locks, qr/^No violation of the order/m, '... so the order of locks is kept';

my $tested = record('cases', '', 'test');
my @ended = `'$build/regiontrace' dump --event case_end $tested->{path}`;
cmp_ok scalar(@ended), '>', 100, 'the test cases of the kernel run: ' . @ended;
# Until step 3b, freeing addresses needs memory: what a failed call has mapped cannot always be given back.
is_deeply [ map { /name="(\w+)"/ } grep { !/verdict=passed/ } @ended ],
        ['a_system_call_that_finds_no_memory_leaves_the_process_as_it_was'],
                '... and pass, but the one that step 3b is about';

# --- memory runs out

# Beside a region that is there, the allocator shrinks a free range and needs no memory: the region is one block, its
# node the other.
my $scarce = run_script('scarce', 'space 0x10000 0x20000', 'keyframes', 'map a 4K rw- at 0x10000 -> 0x10000',
        'map b 4K rw- at 0x11000 memory 1 -> no_memory', 'find 0x11000 -> not_found',
        'map b 4K rw- at 0x11000 memory 2 -> 0x11000', 'find 0x11000 -> 0x11000', 'unmap 0x10000 8K -> ok');
cmp_ok count($scarce, 'list_link'), '==', 2, '... a region without a node is not linked';

my @many = map { sprintf 'map r%d 4K rw- at 0x%x -> 0x%x', $_, (0x10000 + $_ * 0x2000) x 2 } 0 .. 29;
my $passed = run_script('passed', 'space 0x10000 0x80000', @many, 'find 0x4a000 -> 0x4a000', 'find 0x4a010 -> 0x4a000',
        'unmap 0x4a000 4K -> ok', 'find 0x4a000 -> not_found');
my @lines = `'$build/regiontrace' dump $passed`;
my ($first, $second) =
        map { my $at = $_; grep { $lines[$_] =~ /kind=find .*address=$at /
        || $lines[$_] =~ /kind=find .*address=$at$/ } 0 .. $#lines } qw(0x4a000 0x4a010);
my $visits = 0;
$visits++ while $lines[$first + 2 + $visits] =~ /list_visit/;
is $visits, 30, 'a lookup passes the regions below, one after the other, and finds the thirtieth';
like $lines[$second + 1], qr/lookup_hit/, 'the next one is answered by the cache';
cmp_ok count($passed, 'lookup_dropped'), '>=', 1, 'the cache forgets a region that goes';

# --- pictures

my $words = `'$build/regionviz' tree $passed --text`;
like $words, qr/ · a list of 29 regions · largest hole/, 'regionviz tree says that it is a list';
like `'$build/regionviz' tree $passed --at op:31 --text`,
        qr/^  1\. .* the first, gap 0\n.*^  2\. .* behind 1, gap 1\n +\S+ ≥ \S+: goes on$/ms,
        '... in whose order the search goes';
unlike $words, qr/\b(?:black|red|root|right child)\b/, '... without colours and sides';
like `'$build/regionviz' map $passed --text 2>&1; '$build/regionviz' map $passed -o $folder/map.svg`, qr/30 regions/,
        'so does map';

done_testing;
