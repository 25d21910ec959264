#!/usr/bin/env perl
# The pictures in the handouts are those that the tools draw now, with the kernels of the steps.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use lib dirname(__FILE__);
use Test::More;
use Trees qw(tree);

my $top = abs_path(dirname(__FILE__) . '/../..');
my $build = abs_path($ENV{BUILD} // 'build');
my $folder = tempdir(CLEANUP => 1);
chdir $top or die "$top: $!";

sub slurp { open my $file, '<', $_[0] or return ''; local $/; return scalar(<$file>) // '' }

my (@pictures, %kernels);
for (grep { !/^#/ } split /\n/, slurp('labs/pictures')) {
        my ($picture, $kernel) = split / *\| */;
        push @pictures, $picture;
        $kernels{$kernel} = 1;
}
tree(split / /) for grep { $_ ne 'finished' } sort keys %kernels;

my $said = `BUILD='$build' labs/draw-pictures --to '$folder' 2>&1`;
is $?, 0, 'the pictures of the handouts are drawn' or diag $said;
# Where a kernel's variables lie depends on its compiler: their addresses are left out.
sub drawn { return slurp($_[0]) =~ s/0xffffffff[0-9a-f]{8}/0x.../gr }
ok drawn($_) eq drawn("$folder/$_"), "$_ is current: make lab-pictures" for @pictures;

# Every picture that lies beside a handout is in the table.
my %listed = map { $_ => 1 } @pictures;
is_deeply [ grep { !$listed{$_} } glob('labs/*/*.svg') ], [], 'there are no other pictures';

my $wrong = `labs/draw-pictures --nonsense 2>&1`;
is $? >> 8, 2, 'an option that does not exist is refused';
like $wrong, qr/^usage: labs\/draw-pictures/, '... with the usage';
done_testing;
