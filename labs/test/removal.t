#!/usr/bin/env perl
# Step 1c by the commands of its page: the films of the removals show what docs/teaching.md answers to the page's
# questions. And the pictures of common mistakes in docs/teaching.md are there, each of a mutant whose case its row
# names.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(basename dirname);
use File::Temp qw(tempdir);
use Test::More;
use lib dirname(__FILE__);
use Trees qw(tree);

my $top = abs_path(dirname(__FILE__) . '/../..');
my $build = abs_path($ENV{BUILD} // 'build');
my $folder = tempdir(CLEANUP => 1);
chdir $top or die "$top: $!";
sub slurp { my ($name) = @_; open my $file, '<', $name or die "$name: $!"; local $/; return scalar <$file> }

# --- the films

my $tree = tree('1c', 'solution');
sub film {
        my ($script, $operation) = @_;
        `'$tree/build/host/run_script' '$script' -o '$folder/x.rtrace'`;
        return `'$build/regionviz' film '$folder/x.rtrace' --at op:$operation --text`;
}

my $page = slurp('labs/1-tree/1c.md');
like $page, qr/op:14 -o g\.svg +# 14: g; 16: d; 18: b; 20: h/, 'the page names four operations';
my %shown = (14 => [ 'unlinks 28000 g', 'recolours 34000 j black', '2c000 h will sink to the left' ],
             16 => [ 'exchanges 1c000 d with 20000 e', 'unlinks 1c000 d', '14000 b will sink to the left',
                     '20000 e will sink to the right' ],
             18 => [ 'unlinks 14000 b', 'recolours 20000 e red', 'recolours 30000 i red' ],
             20 => [ 'unlinks 2c000 h', 'recolours 34000 j red', 'recolours 30000 i black' ]);
my %rotations = (14 => 1, 16 => 2, 18 => 0, 20 => 0);
for my $operation (sort keys %shown) {
        my $film = film('labs/1-tree/pictures/1c.ops', $operation);
        like $film, qr/\Q$_\E/, "film $operation: $_" for @{ $shown{$operation} };
        is scalar(() = $film =~ /before a rotation/g), $rotations{$operation},
                "... $rotations{$operation} rotations, as docs/teaching.md says";
}
my $first = film('labs/1-tree/pictures/1c.ops', 12);
like $first, qr/unlinks 10000 a.*recolours 18000 c red.*recolours 2c000 h black.*1c000 d will sink to the left, 24000 f will rise/s,
        'the film on the page is the one that its words explain';

my ($ten) = slurp('labs/1-tree/pictures/1c.ops') =~ /^(space.*?)^unmap/ms;
open my $script, '>', "$folder/e.ops" or die "$folder: $!";
print $script "${ten}unmap 0x20000 4K\n";
close $script;
like film("$folder/e.ops", 12),
        qr/recolours 2c000 h black.*recolours 24000 f red.*24000 f will sink to the left.*recolours 28000 g red.*recolours 24000 f black/s,
        'question 5: the removal of e begins with case 1, and case 2 ends it';

# --- the pictures of common mistakes

my @rows = map { [ /mistakes\/(\w+)-([a-z0-9-]+)\.svg/g, /\| ([^|]*) \|$/ ] }
        grep { /mistakes\// } slurp('docs/teaching.md') =~ /^(\|.*)$/mg;
cmp_ok scalar @rows, '>=', 10, 'docs/teaching.md shows common mistakes';
my %linked;
for (@rows) {
        my ($step, $mutant, $cases) = @$_;
        my ($patch) = glob "labs/*/mutants/$mutant.patch";
        my ($case) = slurp($patch) =~ /\Acase: (\S+)/;
        like $cases, qr/`$case`/, "$step, $mutant: its row names the case that catches it";
        like slurp((glob "labs/*/cases/$case.case")[0]), qr/^step $step$/m, '... of this step';
        like slurp("docs/mistakes/$step-$mutant.svg"), qr/<svg .*<\/svg>\s*\z/s, '... and the picture is there';
        $linked{"$step-$mutant.svg"} = 1;
}
is_deeply [ grep { !$linked{ basename($_) } } glob 'docs/mistakes/*' ], [], 'no other pictures are kept';
done_testing;
