// Everything in private subnets goes out through a NAT gateway; one gateway stands in one zone, and its loss cuts the others off too.

import { defineRule } from '../../engine/lint/rule';
import { settled } from '../../engine/model/questions';
import { isLive, repairs, subjectOfThing } from '../cloud-fixes';

const GATEWAY = 'resource "aws_nat_gateway" «"main"» {\n  subnet_id = aws_subnet.public.id\n}\n';

export const noSingleNat = defineRule({
  id: 'redundancy/no-single-nat',
  since: '0.2.0',
  severity: 'info',
  reads: 'infrastructure',
  fault: 'cut',
  messages: {
    single: 'A lost zone cuts the private subnets of all zones off from the outside: `{name}` has one NAT gateway.',
  },
  docs: {
    what: 'Reports a network whose private subnets in several zones share one NAT gateway.',
    why: 'A NAT gateway stands in one zone. When that zone fails, instances in the healthy ones can reach nothing outside: no API, no queue, no registry.',
    fix: 'One NAT gateway for each zone. Each of them is charged by the hour, which is why it is offered by hand.',
    not: 'Networks of one zone, regional gateways, networks without private subnets, and whatever says that it is for development.',
    references: ['https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html'],
  },
  check({ system, report }) {
    for (const network of system.cloud.networks) {
      if (settled(network.singleNat) !== true || settled(network.zones) === 1 || !isLive(network)) continue;
      report({
        at: network.singleNat.state === 'set' ? network.singleNat.at : network.at,
        message: 'single',
        data: { name: network.name },
        label: network.title,
        fixes: repairs(network, 'singleNat', 'by-hand', 'One NAT gateway in each zone'),
        subject: subjectOfThing(network),
      });
    }
  },
  examples: {
    bad: [
      {
        name: 'the module is told so',
        files: { 'main.tf': 'module "vpc" {\n  source             = "terraform-aws-modules/vpc/aws"\n  name               = "shop"\n  azs                = ["a", "b", "c"]\n  enable_nat_gateway = true\n  single_nat_gateway = «true»\n}\n' },
        expect: 'single',
      },
      { name: 'one gateway for the subnets of two zones', files: { 'main.tf': `${GATEWAY}${subnets('')}` }, expect: 'single' },
      { name: 'one gateway for a counted list of subnets', files: { 'main.tf': `${GATEWAY}resource "aws_route" "out" {\n  route_table_id = aws_route_table.private.id\n  nat_gateway_id = aws_nat_gateway.main.id\n}\nresource "aws_route_table" "private" {}\nresource "aws_route_table_association" "private" {\n  count          = 3\n  subnet_id      = element(["a", "b", "c"], count.index)\n  route_table_id = aws_route_table.private.id\n}\n` }, expect: 'single' },
      { name: 'in a template', files: { 'stack.yaml': 'Resources:\n  «Nat»:\n    Type: AWS::EC2::NatGateway\n    Properties:\n      SubnetId: subnet-1\n  Private:\n    Type: AWS::EC2::RouteTable\n    Properties:\n      VpcId: vpc-1\n  Out:\n    Type: AWS::EC2::Route\n    Properties:\n      RouteTableId: !Ref Private\n      NatGatewayId: !Ref Nat\n  A:\n    Type: AWS::EC2::Subnet\n    Properties:\n      AvailabilityZone: eu-west-1a\n  B:\n    Type: AWS::EC2::Subnet\n    Properties:\n      AvailabilityZone: eu-west-1b\n  OfA:\n    Type: AWS::EC2::SubnetRouteTableAssociation\n    Properties:\n      SubnetId: !Ref A\n      RouteTableId: !Ref Private\n  OfB:\n    Type: AWS::EC2::SubnetRouteTableAssociation\n    Properties:\n      SubnetId: !Ref B\n      RouteTableId: !Ref Private\n' }, expect: 'single' },
    ],
    good: [
      { name: 'one for each zone', files: { 'main.tf': 'module "vpc" {\n  source                 = "terraform-aws-modules/vpc/aws"\n  azs                    = ["a", "b"]\n  enable_nat_gateway     = true\n  one_nat_gateway_per_az = true\n}\n' } },
      { name: 'no gateway at all', files: { 'main.tf': 'module "vpc" {\n  source             = "terraform-aws-modules/vpc/aws"\n  azs                = ["a", "b"]\n  single_nat_gateway = true\n}\n' } },
      { name: 'a regional gateway', files: { 'main.tf': `resource "aws_nat_gateway" "main" {\n  availability_mode = "regional"\n  vpc_id            = "vpc-1"\n}\n${subnets('')}` } },
      { name: 'for development', files: { 'dev/main.tf': 'module "vpc" {\n  source             = "terraform-aws-modules/vpc/aws"\n  enable_nat_gateway = true\n  single_nat_gateway = true\n}\n' } },
    ],
    unknown: [
      { name: 'a variable decides', files: { 'main.tf': 'variable "single" {}\nmodule "vpc" {\n  source             = "terraform-aws-modules/vpc/aws"\n  enable_nat_gateway = true\n  single_nat_gateway = var.single\n}\n' } },
      { name: 'counted by a variable', files: { 'main.tf': `variable "gateways" {}\nresource "aws_nat_gateway" "main" {\n  count     = var.gateways\n  subnet_id = "subnet-1"\n}\n${subnets('[0]')}` } },
    ],
  },
});

function subnets(index: string): string {
  return `resource "aws_subnet" "public" {\n  availability_zone = "eu-west-1a"\n}\nresource "aws_subnet" "a" {\n  availability_zone = "eu-west-1a"\n}\nresource "aws_subnet" "b" {\n  availability_zone = "eu-west-1b"\n}\nresource "aws_route_table" "private" {}\nresource "aws_route" "out" {\n  route_table_id = aws_route_table.private.id\n  nat_gateway_id = aws_nat_gateway.main${index}.id\n}\nresource "aws_route_table_association" "a" {\n  subnet_id      = aws_subnet.a.id\n  route_table_id = aws_route_table.private.id\n}\nresource "aws_route_table_association" "b" {\n  subnet_id      = aws_subnet.b.id\n  route_table_id = aws_route_table.private.id\n}\n`;
}
